using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>What a profile may be asked to have.</summary>
static class RequiredChecks
{
    public const string Consent = "consent-missing";

    public static readonly QualityCheck[] All =
    [
        No("quality-name-missing", "name", "A name is required.", p => p.Details.Name),
        No(
            "quality-contact-missing",
            "contacts",
            "A phone or an e-mail address is required.",
            p => p.Details.Contacts.FirstOrDefault(c => c.Kind is "phone" or "email")
        ),
        No("quality-consent-missing", "consents", "Consent must be given or refused.", p => p.Answered ? "answered" : null),
        No("quality-birth-date-missing", "birthDate", "A birth date is required.", p => p.Details.BirthDate),
        No("quality-city-missing", "city", "A city is required, in the profile or in an address.", p => Demographics(p).City ?? CityOf(p)),
        No("quality-gender-missing", "gender", "A gender is required; it may be undisclosed.", p => Demographics(p).Gender),
        No("quality-language-missing", "language", "A language is required.", p => Demographics(p).Language),
        No("quality-industry-missing", "industry", "An industry is required.", p => Demographics(p).Industry),
        No("quality-age-band-missing", "ageBand", "An age band or a birth date is required.", p => Demographics(p).AgeBand),
        No("quality-income-band-missing", "incomeBand", "An income band is required.", p => Demographics(p).IncomeBand),
        No("quality-household-size-missing", "householdSize", "A household size is required.", p => Demographics(p).HouseholdSize),
        No("quality-marital-status-missing", "maritalStatus", "A marital status is required.", p => Demographics(p).MaritalStatus),
        No("quality-province-missing", "province", "A province is required.", p => Demographics(p).Province),
        No("quality-company-size-missing", "companySize", "A company size is required.", p => Demographics(p).CompanySize),
        No(
            "quality-id-number-missing",
            "contacts",
            "An identity number is required.",
            p => p.Details.Contacts.FirstOrDefault(c => c.Kind == "idNumber")
        ),
        No("quality-address-missing", "addresses", "An address is required.", p => p.Details.Addresses is [var first, ..] ? first : null),
        No(
            "quality-preferences-missing",
            "preferences",
            "A preference is required.",
            p => p.Details.Preferences.Count == 0 ? null : p.Details.Preferences
        ),
    ];

    static QualityCheck No(string code, string field, string expected, Func<Checked, object?> value) =>
        new(code, field, RuleKind.Required, expected, p => value(p) is null);

    static Demographics Demographics(Checked profile) => profile.Details.Demographics;

    static string? CityOf(Checked profile) => profile.Details.Addresses.FirstOrDefault(a => a.City is not null)?.City;
}
