using System.Text.Json;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// A registration under an external id that is known already. What it gives must be what the first registration said or what the profile
/// says now; what it leaves out is not compared, nor is when something was
/// verified.
/// </summary>
public static class RepeatedRegistration
{
    /// <summary>The fields in which the registration differs; their values are personal and are not named.</summary>
    public static IReadOnlyList<string> Differences(RegisterCustomer given, Customer customer, IReadOnlyList<TagWord> words, string region)
    {
        var said = new[] { customer.First, customer.Details }.OfType<PersonalDetails>().ToList();
        var profile = given.Profile ?? new();
        var tagged = customer.Tags.Codes.Concat(customer.FirstTags).ToHashSet();
        var consents = (given.Consents ?? []).Where(c => c.Granted).Select(c => Customer.Key(c.Purpose, c.Channel));
        List<(string Field, bool Same)> fields =
        [
            ("kind", given.Kind == customer.Kind),
            ("profile.name", Same(profile.Name is { } name ? Keys.Normal(name) : null, d => d.Name)),
            ("profile.birthDate", Same(profile.BirthDate, d => d.BirthDate)),
            ("profile.birthday", Same(profile.Birthday, d => d.Birthday)),
            ("profile.gender", Same(profile.Gender, d => d.Demographics.Gender)),
            ("profile.ageBand", Same(profile.AgeBand, d => d.Demographics.AgeBand)),
            ("profile.incomeBand", Same(profile.IncomeBand, d => d.Demographics.IncomeBand)),
            ("profile.householdSize", Same(profile.HouseholdSize, d => d.Demographics.HouseholdSize)),
            ("profile.maritalStatus", Same(profile.MaritalStatus, d => d.Demographics.MaritalStatus)),
            ("profile.language", Same(profile.Language, d => d.Demographics.Language)),
            ("profile.province", Same(profile.Province, d => d.Demographics.Province)),
            ("profile.city", Same(profile.City, d => d.Demographics.City)),
            ("profile.industry", Same(profile.Industry, d => d.Demographics.Industry)),
            ("profile.companySize", Same(profile.CompanySize, d => d.Demographics.CompanySize)),
            ("profile.psychographics", Same(Json(profile.Psychographics), d => Json(d.Psychographics))),
            ("profile.preferences", (profile.Preferences ?? []).All(p => said.Any(d => d.Preferences.GetValueOrDefault(p.Key) == p.Value))),
            ("profile.contactPersons", (profile.ContactPersons ?? []).All(p => said.Any(d => d.ContactPersons.Contains(p)))),
            .. (given.Contacts ?? []).Select((c, i) => ($"contacts[{i}]", said.Any(d => d.Contacts.Select(Stored).Contains(Stored(c))))),
            ("addresses", (given.Addresses ?? []).All(a => said.Any(d => d.Addresses.Select(Where).Contains(Where(a))))),
            ("tags", words.All(word => word.Codes.Any(tagged.Contains))),
            ("consents", consents.All(c => customer.FirstConsents.Contains(c) || customer.Consents.GetValueOrDefault(c)?.Granted == true)),
        ];
        return [.. fields.Where(f => !f.Same).Select(f => f.Field)];

        // What was stored by an earlier version may be spelled in another way.
        Contact Stored(Contact contact) => new(contact.Kind, ContactKeys.Key(contact, region) ?? contact.Value);

        static Address Where(Address address) => address with { VerifiedAt = null };

        bool Same<T>(T? value, Func<PersonalDetails, T?> of) =>
            value is null || said.Any(details => EqualityComparer<T?>.Default.Equals(of(details), value));
    }

    static string? Json(object? value) => value is null ? null : JsonSerializer.Serialize(value, EventStoreOptions.Json);
}
