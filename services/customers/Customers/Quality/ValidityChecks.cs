using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using static CrmPlatform.Customers.Quality.RuleKind;

namespace CrmPlatform.Customers.Quality;

/// <summary>What the values of a profile may be asked for.</summary>
static class ValidityChecks
{
    public static readonly QualityCheck[] All =
    [
        No(
            "quality-phone-format",
            "contacts",
            Format,
            "A phone must be a valid number.",
            p => p.Contacts("phone").Any(v => IsNone(p, "phone", v))
        ),
        No(
            "quality-email-format",
            "contacts",
            Format,
            "An e-mail address must be one.",
            p => p.Contacts("email").Any(v => IsNone(p, "email", v))
        ),
        No(
            "quality-id-number-format",
            "contacts",
            Format,
            "An identity number must have 18 characters of which the last follows from the others (GB 11643; of a company GB 32100).",
            p => p.Contacts("idNumber").Any(v => !OfficialNumbers.IsValid(v.ToUpperInvariant(), p.IsCompany))
        ),
        No(
            "quality-id-number-birth-date",
            "birthDate",
            CrossField,
            "The birth date must be that of the identity number.",
            p => p.Details.BirthDate is { } birth && Numbers(p).Any(n => n.BirthDate is { } date && date != birth)
        ),
        No(
            "quality-id-number-gender",
            "gender",
            CrossField,
            "The gender must be that of the identity number.",
            p => p.Details.Demographics.Gender is "female" or "male" && Numbers(p).Any(n => n.Gender != p.Details.Demographics.Gender)
        ),
        No(
            "quality-postal-code-format",
            "addresses",
            Format,
            "A postal code in China must have six digits.",
            p => p.ChineseAddresses.Any(a => a.PostalCode is { } code && !PostalCodes.IsOne(code))
        ),
        No(
            "quality-postal-code-province",
            "addresses",
            CrossField,
            "A postal code in China must begin with two digits of its province.",
            p => p.ChineseAddresses.Any(a => a.PostalCode is { } code && PostalCodes.IsOne(code) && !PostalCodes.Fits(code, a.Province))
        ),
        No(
            "quality-district-unknown",
            "addresses",
            Reference,
            "A district in China must be one of its province and city.",
            p => p.ChineseAddresses.Any(a => a.District is not null && !Areas.Knows(a.Province, a.City, a.District))
        ),
    ];

    static QualityCheck No(string code, string field, RuleKind kind, string expected, Func<Checked, bool> fails) =>
        new(code, field, kind, expected, fails);

    static bool IsNone(Checked profile, string kind, string value) => ContactKeys.Key(new(kind, value), profile.Region) is null;

    static IEnumerable<(DateOnly? BirthDate, string Gender)> Numbers(Checked profile) =>
        profile.IsCompany
            ? []
            : profile.Contacts("idNumber").Where(v => OfficialNumbers.IsValid(v.ToUpperInvariant(), false)).Select(OfficialNumbers.Said);
}
