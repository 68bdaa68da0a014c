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
    IReadOnlyList<CustomerTag> Tags,
    DateTimeOffset RegisteredAt,
    Guid ProfileSource,
    DateTimeOffset ProfileAt,
    string Personal = "shown"
);

public sealed record PersonalDetails(
    Demographics Demographics,
    string? Name,
    IReadOnlyList<Contact> Contacts,
    Psychographics? Psychographics,
    IReadOnlyList<ContactPerson>? ContactPersons = null
);

public sealed record Demographics(
    string? Gender,
    string? AgeBand,
    string? IncomeBand,
    int? HouseholdSize,
    string? Language,
    string? Province,
    string? City,
    string? Industry = null,
    string? CompanySize = null
);

/// <summary>A tag of a customer.</summary>
/// <param name="Tag">The word.</param>
/// <param name="Origin">Who says it, the strongest if several do: <c>manual</c> for a person, <c>import</c>, <c>rule</c> or
/// <c>inferred</c>.</param>
public sealed record CustomerTag(string Tag, [property: OneOf("manual", "rule", "import", "inferred")] string Origin);

/// <summary>A way to reach the customer.</summary>
/// <param name="Kind"><c>phone</c>, <c>email</c>, <c>wechat</c> or <c>idNumber</c> (identity number).</param>
/// <param name="Value">The number or address.</param>
public sealed record Contact(string Kind, string Value);

/// <summary>Somebody who speaks for a company.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Role"><c>decider</c>, <c>champion</c>, <c>influencer</c>, <c>user</c> or <c>blocker</c>.</param>
/// <param name="Phone">Their phone number; null if it is not known.</param>
/// <param name="Email">Their e-mail address; null if it is not known.</param>
public sealed record ContactPerson(string Name, string Role, string? Phone = null, string? Email = null);

/// <summary>What the customer cares for.</summary>
/// <param name="Interests">What interests them: <c>tea</c>.</param>
/// <param name="Values">What matters to them: <c>sustainability</c>.</param>
/// <param name="Lifestyle">How they live, in the business's words.</param>
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
