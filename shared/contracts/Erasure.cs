namespace CrmPlatform.Contracts;

/// <summary>
/// The publishing context has destroyed all data that identifies the person: keys, read models, caches. An erasure is complete when
/// customers has received this event from every context.
/// </summary>
/// <param name="KeysDestroyed">How many data keys of the person were destroyed; 0 where the context held none.</param>
[Contract("segmentation", "service-desk", "loyalty", Internal = true)]
public sealed record PersonalDataErased(Guid CustomerId, int KeysDestroyed, DateTimeOffset OccurredAt) : IAboutKnownCustomer;
