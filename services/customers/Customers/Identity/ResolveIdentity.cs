using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>
/// Who may be the same as this person or company. It asks by personal text, so it needs <c>personal.read</c>. Nothing is recorded of it but
/// who asked and who was found.
/// </summary>
/// <param name="Kind"><c>individual</c> for a person, <c>enterprise</c> for a company.</param>
/// <param name="Profile">What is known of the person or company.</param>
/// <param name="Contacts">How to reach them.</param>
/// <param name="Addresses">Where they are.</param>
public sealed record ResolveIdentity(
    [property: Required] CustomerKind Kind,
    Profile? Profile = null,
    [property: MaxLength(20)] IReadOnlyList<Contact>? Contacts = null,
    [property: MaxLength(20)] IReadOnlyList<Address>? Addresses = null
)
{
    /// <summary>A customer who may be the same.</summary>
    /// <param name="CustomerId">Who it is.</param>
    /// <param name="Weight">How much speaks for it, in bits: log2 of the odds.</param>
    /// <param name="Probability">The same as a probability, 0 to 1.</param>
    /// <param name="Verdict">What would become of the pair: <c>review</c>, <c>limited</c> (a limit, or a value that belongs to many),
    /// <c>contradicted</c> (they look like one, but cannot be) or <c>link</c>.</param>
    /// <param name="Lines">What adds up to the weight.</param>
    /// <param name="Details">What is known of that customer.</param>
    public sealed record Resolved(
        Guid CustomerId,
        double Weight,
        double Probability,
        MatchVerdict Verdict,
        IReadOnlyList<MatchLine> Lines,
        PersonalDetails Details
    );

    /// <summary>The customers who may be the same.</summary>
    /// <param name="Items">The likeliest first; those who are taken for others are left out.</param>
    /// <param name="Model">The model by which they were compared.</param>
    public sealed record Resolution(IReadOnlyList<Resolved> Items, string Model);

    public static void Map(CrmService room) =>
        room.MapPost(
                "identity/resolve",
                "Find who may be the same person or company",
                "customers.identity.read",
                async (
                    ResolveIdentity asked,
                    FindMatches matches,
                    IdentityOptions options,
                    Business business,
                    TimeProvider clock,
                    PersonalReader reader,
                    CancellationToken ct
                ) =>
                {
                    reader.Require();
                    var details = (asked.Profile ?? new()).Details(
                        asked.Kind,
                        asked.Contacts,
                        asked.Addresses,
                        clock.GetUtcNow(),
                        business.Region
                    );
                    var profile = MatchProfile.Of(asked.Kind, details, business.Region, options);
                    var found = (await matches.Of(new SoughtProfile(profile, null, []), ct))
                        .Where(m => m.Verdict != MatchVerdict.None)
                        .ToList();
                    await reader.Read([.. found.Select(m => m.CustomerId)]);
                    return new Resolution(
                        [
                            .. found.Select(m => new Resolved(
                                CustomerId: m.CustomerId,
                                Weight: m.Score.Weight,
                                Probability: m.Score.Probability,
                                Verdict: m.Verdict,
                                Lines: m.Score.Lines,
                                Details: m.Other.Details
                            )),
                        ],
                        MatchModel.M1.Version
                    );
                }
            )
            .Produces<Resolution>()
            .ShowsMoreWith(Permissions.PersonalRead, "all: it asks by personal text")
            .Refuses("enterprise-only", "unknown-role", "birth-date-in-future", "invalid-contact");
}
