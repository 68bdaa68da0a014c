namespace CrmPlatform.Customers.Identity;

/// <summary>A profile for which those who may be the same are sought.</summary>
/// <param name="Self">The customer whose profile it is; null of one who is not registered yet.</param>
/// <param name="Also">Customers who are compared in any case.</param>
public sealed record SoughtProfile(MatchProfile Profile, Guid? Self, IReadOnlyCollection<Guid> Also);
