using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Who else a customer is one with.</summary>
/// <param name="SurvivorId">The member under whose id the group is shown.</param>
/// <param name="Members">All members, the survivor first.</param>
/// <param name="Conflicts">Fields of which members say different things, as <c>name</c> or <c>birthDate</c>; shown is what is trusted
/// most.</param>
public sealed record ProfileGroup(Guid SurvivorId, IReadOnlyList<Guid> Members, IReadOnlyList<string> Conflicts);

/// <summary>
/// The profile of a group of customers who are one. Of each field the value of the member whose source is trusted most; among equals what
/// was told last, then the longest, then that of the later fact. Contacts (verified ones first), addresses, tags, external ids: all.
/// Consent: a withdrawal by any member holds for all, until consent is given again for that member.
/// </summary>
public static class GroupProfile
{
    /// <summary>A member, and how far the source of its profile is trusted.</summary>
    /// <param name="Trust">0 to 100.</param>
    public sealed record Member(CustomerProfile Profile, int Trust);

    /// <param name="asked">The member that was asked for: id, version and kind are its own.</param>
    public static CustomerProfile Of(CustomerProfile asked, Group group, IReadOnlyList<Member> members)
    {
        var ranked = members
            .OrderByDescending(m => m.Trust)
            .ThenByDescending(m => m.Profile.ProfileAt)
            .ThenByDescending(m => m.Profile.ProfileSource)
            .ToList();
        var conflicts = new List<string>();
        var first = ranked[0].Profile;
        return asked with
        {
            ExternalIds = [.. ranked.SelectMany(m => m.Profile.ExternalIds).Distinct()],
            Details = Details(ranked, conflicts),
            Tags = Tags(ranked.SelectMany(m => m.Profile.Tags)),
            Consents = Consents(ranked.SelectMany(m => m.Profile.Consents)),
            RegisteredAt = members.Min(m => m.Profile.RegisteredAt),
            ProfileSource = first.ProfileSource,
            ProfileAt = first.ProfileAt,
            Group = new(group.SurvivorId, group.Members, conflicts),
        };
    }

    static PersonalDetails? Details(IReadOnlyList<Member> ranked, List<string> conflicts)
    {
        var told = ranked
            .Where(m => m.Profile.Details is not null)
            .Select(m => (m.Trust, m.Profile.ProfileAt, m.Profile.Details!))
            .ToList();
        if (told.Count == 0)
            return null;
        return new(
            Demographics: new(
                Gender: Text("gender", d => d.Demographics.Gender),
                AgeBand: Text("ageBand", d => d.Demographics.AgeBand),
                IncomeBand: Text("incomeBand", d => d.Demographics.IncomeBand),
                HouseholdSize: One("householdSize", d => d.Demographics.HouseholdSize, _ => 0),
                MaritalStatus: Text("maritalStatus", d => d.Demographics.MaritalStatus),
                Language: Text("language", d => d.Demographics.Language),
                Province: Text("province", d => d.Demographics.Province),
                City: Text("city", d => d.Demographics.City),
                Industry: Text("industry", d => d.Demographics.Industry),
                CompanySize: Text("companySize", d => d.Demographics.CompanySize)
            ),
            Name: Text("name", d => d.Name),
            BirthDate: One("birthDate", d => d.BirthDate, _ => 0),
            Contacts: Together(told.SelectMany(t => t.Item3.Contacts), c => c with { VerifiedAt = null }, c => c.VerifiedAt),
            Addresses: Together(told.SelectMany(t => t.Item3.Addresses), a => a with { VerifiedAt = null }, a => a.VerifiedAt),
            Psychographics: told.Select(t => t.Item3.Psychographics).FirstOrDefault(p => p is not null),
            Preferences: told.SelectMany(t => t.Item3.Preferences).DistinctBy(p => p.Key).ToDictionary(),
            ContactPersons: [.. told.SelectMany(t => t.Item3.ContactPersons).Distinct()],
            Birthday: Text("birthday", d => d.Birthday)
        );

        string? Text(string field, Func<PersonalDetails, string?> value)
        {
            var known = told.Where(t => !string.IsNullOrEmpty(value(t.Item3))).ToList();
            if (known.Select(t => value(t.Item3)!).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1)
                conflicts.Add(field);
            return Best(known, d => value(d)!.Length) is { } best ? value(best) : null;
        }

        T? One<T>(string field, Func<PersonalDetails, T?> value, Func<PersonalDetails, int> length)
            where T : struct
        {
            var known = told.Where(t => value(t.Item3) is not null).ToList();
            if (known.Select(t => value(t.Item3)!.Value).Distinct().Count() > 1)
                conflicts.Add(field);
            return Best(known, length) is { } best ? value(best) : null;
        }
    }

    /// <summary>They are in order already; a stable sort lets only the length decide among what was told at the same time.</summary>
    static PersonalDetails? Best(List<(int Trust, DateTimeOffset At, PersonalDetails Details)> known, Func<PersonalDetails, int> length) =>
        known.OrderByDescending(k => (k.Trust, k.At)).ThenByDescending(k => length(k.Details)).Select(k => k.Details).FirstOrDefault();

    /// <summary>Each once, as it was verified last; those that are verified come first.</summary>
    static IReadOnlyList<T> Together<T>(IEnumerable<T> all, Func<T, T> same, Func<T, DateTimeOffset?> verified) =>
        [.. all.GroupBy(same).Select(s => s.MaxBy(verified)!).OrderBy(x => verified(x) is null)];

    static IReadOnlyList<CustomerTag> Tags(IEnumerable<CustomerTag> tags) =>
        [.. tags.GroupBy(t => t.Tag, StringComparer.Ordinal).Select(t => t.MaxBy(x => x.Origin.Strength())!)];

    static IReadOnlyList<CustomerProfile.Consent> Consents(IEnumerable<CustomerProfile.Consent> consents) =>
        [.. consents.GroupBy(c => (c.Purpose, c.Channel)).Select(c => c.OrderBy(x => x.Granted).ThenByDescending(x => x.At).First())];
}
