using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>A customer's profile as a fact says it, opened with the person's key.</summary>
/// <param name="Version">The fact that has it.</param>
/// <param name="Details">As it was given: personal text.</param>
/// <param name="Profile">As it is compared.</param>
public sealed record ComparedProfile(Guid Customer, long Version, PersonalDetails Details, MatchProfile Profile)
{
    /// <param name="e">The fact that has the profile.</param>
    /// <param name="verified">What was verified since.</param>
    /// <returns>Null of another fact, and of a person who was forgotten.</returns>
    public static ComparedProfile? Of(RecordedEvent e, IEnumerable<FieldVerified> verified, string region, IdentityOptions options)
    {
        var (kind, said) = e.Data switch
        {
            CustomerRegistered r => (r.Kind, r.Personal?.Value),
            ProfileRevised r => (r.Kind, r.Personal?.Value),
            _ => default,
        };
        if (said is null)
            return null;
        var details = verified.Aggregate(said, Verification.Verified);
        return new(e.StreamId, e.Version, details, MatchProfile.Of(kind, details, region, options));
    }
}
