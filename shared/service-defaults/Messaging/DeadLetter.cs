namespace CrmPlatform.ServiceDefaults;

/// <summary>A fact that could not be executed, as operators see it.</summary>
/// <param name="EventId">Id of the event that could not be executed.</param>
/// <param name="Subject">The customer that it is about; for a guest, the purchase.</param>
/// <param name="Contract">Wire name of the contract: <c>customers.purchase-recorded</c>.</param>
/// <param name="State"><c>dead</c> (it failed), <c>parked</c> (it waits behind one that did) or <c>dropped</c>.</param>
/// <param name="Error">Why processing failed; null for a parked one.</param>
/// <param name="Why">Why it was dropped; null if it was not.</param>
/// <param name="ReceivedAt">When it arrived.</param>
public sealed record DeadLetter(
    Guid EventId,
    Guid Subject,
    string Contract,
    [property: OneOf("dead", "parked", "dropped")] string State,
    string? Error,
    string? Why,
    DateTime ReceivedAt
);
