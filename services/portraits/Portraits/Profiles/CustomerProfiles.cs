using CrmPlatform.Contracts;

namespace CrmPlatform.Portraits.Profiles;

/// <summary>What customers says of a person. Names and contacts are never kept here.</summary>
/// <param name="Details">Null if they are withheld or the person is forgotten.</param>
/// <param name="ProfileSource">The event that the details come from.</param>
/// <param name="Personal">Whether the details are shown to the caller: shown, withheld, forgotten.</param>
public sealed record CustomerProfile(
    string Kind,
    bool Forgotten,
    PersonalDetails? Details,
    IReadOnlyDictionary<string, string> Tags,
    DateTimeOffset RegisteredAt,
    Guid ProfileSource,
    DateTimeOffset ProfileAt,
    string Personal = "shown"
);

public sealed record PersonalDetails(
    Demographics Demographics,
    string? Name,
    IReadOnlyList<Contact> Contacts,
    Psychographics? Psychographics
);

public sealed record Demographics(
    string? Gender,
    string? AgeBand,
    string? IncomeBand,
    int? HouseholdSize,
    string? Language,
    string? Province,
    string? City
);

public sealed record Contact(string Kind, string Value);

public sealed record Psychographics(IReadOnlyList<string>? Interests, IReadOnlyList<string>? Values, string? Lifestyle);

/// <summary>Asks customers for a person's profile when it is shown.</summary>
public sealed class CustomerProfiles(Neighbours neighbours)
{
    /// <summary>A portrait can be shown without: nobody waits longer for a name.</summary>
    static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    /// <returns>Null where there is no such customer, or none at that moment.</returns>
    /// <exception cref="NeighbourAwayException">Customers does not answer.</exception>
    public Task<CustomerProfile?> Of(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, HttpContext caller)
    {
        var query = QueryString.Empty;
        if (asOf is { } then)
            query = query.Add("asOf", then.ToString("O"));
        if (knownAt is { } known)
            query = query.Add("knownAt", known.ToString("O"));
        return neighbours.Get<CustomerProfile>("customers", $"/api/customers/{id}{query}", caller, patience);
    }
}
