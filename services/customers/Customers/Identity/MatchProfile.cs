using System.Globalization;
using CrmPlatform.Customers.Profiles;
using PhoneNumbers;

namespace CrmPlatform.Customers.Identity;

/// <summary>What two customers are compared by, normalised (<see cref="MatchText.Version"/>). It is personal text and is never stored.
/// </summary>
/// <param name="BirthDate">Eight digits, year first.</param>
/// <param name="Gender"><c>female</c> or <c>male</c>; null where it is not known, and for a company.</param>
public sealed record MatchProfile(
    CustomerKind Kind,
    MatchName? Name,
    string? BirthDate,
    string? Gender,
    IReadOnlyList<MatchAddress> Addresses,
    IReadOnlyList<Identifier> Identifiers
)
{
    static readonly PhoneNumberUtil phones = PhoneNumberUtil.GetInstance();

    /// <param name="region">The business's region, in which a phone without country code is.</param>
    public static MatchProfile Of(CustomerKind kind, PersonalDetails details, string region, IdentityOptions options)
    {
        var company = kind == CustomerKind.Enterprise;
        return new(
            kind,
            company ? MatchName.OfCompany(details.Name) : MatchName.OfPerson(details.Name),
            details.BirthDate?.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            !company && details.Demographics.Gender is "female" or "male" ? details.Demographics.Gender : null,
            [.. details.Addresses.Select(MatchAddress.Of).OfType<MatchAddress>().Distinct()],
            [
                .. details
                    .Contacts.Select(c => Of(c, company, region))
                    .OfType<Identifier>()
                    .Where(i => !options.IsBlocked(i.Value) && (options.IdNumbers || i.Kind != IdentifierKind.IdNumber))
                    .GroupBy(i => (i.Kind, i.Value))
                    .Select(same => same.First() with { VerifiedAt = same.Max(i => i.VerifiedAt) }),
            ]
        );
    }

    public IEnumerable<Identifier> Of(IdentifierKind kind) => Identifiers.Where(i => i.Kind == kind);

    /// <summary>Somebody who is known to be under 14 at an instant, whose data need a guardian's consent (PIPL article 31).</summary>
    public bool IsMinor(DateTimeOffset now) =>
        BirthDate is { } birth
        && string.CompareOrdinal(birth, now.UtcDateTime.AddYears(-14).ToString("yyyyMMdd", CultureInfo.InvariantCulture)) > 0;

    static Identifier? Of(Contact contact, bool company, string region)
    {
        if (ContactKeys.Key(contact, region) is not { } key)
            return null;
        return contact.Kind switch
        {
            "idNumber" => key.ToUpperInvariant() is var number && OfficialNumbers.IsValid(number, company)
                ? new(IdentifierKind.IdNumber, number, contact.VerifiedAt)
                : null,
            "wechat" => new(IdentifierKind.Wechat, key, contact.VerifiedAt),
            "email" => new(
                IdentifierKind.Email,
                key.Replace("@googlemail.com", "@gmail.com", StringComparison.Ordinal),
                contact.VerifiedAt
            ),
            _ => Phone(key.Split(';')[0], contact.VerifiedAt),
        };
    }

    static Identifier Phone(string number, DateTimeOffset? verifiedAt) =>
        new(
            phones.GetNumberType(phones.Parse(number, null)) is PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE
                ? IdentifierKind.Mobile
                : IdentifierKind.Line,
            number,
            verifiedAt
        );
}
