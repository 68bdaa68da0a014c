namespace CrmPlatform.Contracts;

/// <summary>
/// The publishing context has destroyed everything that names the person: keys, read models, caches. Customers collects one of these
/// per context before it calls an erasure complete.
/// </summary>
[Contract("segmentation", "service-desk", "loyalty", Internal = true)]
public sealed record PersonalDataErased(Guid CustomerId, int KeysDestroyed, DateTimeOffset OccurredAt) : IAboutKnownCustomer;
