using System.Text.Json;

namespace CrmPlatform.Customers.Profiles;

/// <summary>What the fields of a profile hold, as JSON: to compare two profiles, and to tell what became of a field.</summary>
public static class ProfileFields
{
    static readonly (string Name, Func<PersonalDetails, object?> Of)[] fields =
    [
        ("name", d => d.Name),
        ("birthDate", d => d.BirthDate),
        ("birthday", d => d.Birthday),
        ("gender", d => d.Demographics.Gender),
        ("ageBand", d => d.BirthDate is null ? d.Demographics.AgeBand : null), // computed where the birth date is known
        ("incomeBand", d => d.Demographics.IncomeBand),
        ("householdSize", d => d.Demographics.HouseholdSize),
        ("maritalStatus", d => d.Demographics.MaritalStatus),
        ("language", d => d.Demographics.Language),
        ("province", d => d.Demographics.Province),
        ("city", d => d.Demographics.City),
        ("industry", d => d.Demographics.Industry),
        ("companySize", d => d.Demographics.CompanySize),
        ("contacts", d => d.Contacts.Count == 0 ? null : d.Contacts.Select(c => new { c.Kind, c.Value })),
        ("addresses", d => d.Addresses.Count == 0 ? null : d.Addresses.Select(a => a with { VerifiedAt = null })),
        ("psychographics", d => d.Psychographics),
        ("preferences", d => d.Preferences.Count == 0 ? null : d.Preferences),
        ("contactPersons", d => d.ContactPersons.Count == 0 ? null : d.ContactPersons),
    ];

    /// <summary>Their names, as the profile has them.</summary>
    public static readonly string[] Names = [.. fields.Select(f => f.Name)];

    /// <summary>The value of a field, without when it was verified; null where it is empty, and of what is no field.</summary>
    public static JsonElement? Of(PersonalDetails details, string field) =>
        fields.FirstOrDefault(f => f.Name == field).Of?.Invoke(details) is { } value
            ? JsonSerializer.SerializeToElement(value, EventStoreOptions.Json)
            : null;

    public static bool Differ(PersonalDetails? one, PersonalDetails? other, string field) =>
        one is null || other is null ? one != other : Of(one, field)?.GetRawText() != Of(other, field)?.GetRawText();
}
