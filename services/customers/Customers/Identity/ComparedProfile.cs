using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>A customer's profile as a fact says it, opened with the person's key.</summary>
/// <param name="Version">The fact that has it.</param>
/// <param name="Details">As it was given: personal text.</param>
/// <param name="Profile">As it is compared.</param>
public sealed record ComparedProfile(Guid Customer, long Version, PersonalDetails Details, MatchProfile Profile)
{
    /// <returns>Null of another fact, and of a person who was forgotten.</returns>
    public static ComparedProfile? Of(RecordedEvent e, string region, IdentityOptions options) =>
        e.Data switch
        {
            CustomerRegistered { Kind: var kind, Personal.Value: { } details } => new(
                e.StreamId,
                e.Version,
                details,
                MatchProfile.Of(kind, details, region, options)
            ),
            ProfileRevised { Kind: var kind, Personal.Value: { } details } => new(
                e.StreamId,
                e.Version,
                details,
                MatchProfile.Of(kind, details, region, options)
            ),
            _ => null,
        };
}
