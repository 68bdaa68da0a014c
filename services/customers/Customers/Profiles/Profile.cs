using System.Globalization;
using System.Net.Mail;

namespace CrmPlatform.Customers.Profiles;

/// <summary>A profile as clients write it: demographics, name, contacts, addresses, psychographics, preferences.</summary>
public sealed record Profile(
    [property: StringLength(200)] string? Name = null,
    DateOnly? BirthDate = null,
    [property: RegularExpression(
        "^--((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$",
        ErrorMessage = "birthday must be a month and a day like --02-29, where the year is not known"
    )]
        string? Birthday = null,
    [property: RegularExpression("^(female|male|other|undisclosed)$", ErrorMessage = "gender must be female, male, other or undisclosed")]
        string? Gender = null,
    [property: StringLength(20)] string? AgeBand = null,
    [property: StringLength(30)] string? IncomeBand = null,
    [property: Range(1, 100)] int? HouseholdSize = null,
    [property: StringLength(30)] string? MaritalStatus = null,
    [property: RegularExpression("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", ErrorMessage = "language must be a BCP 47 tag like zh-CN")]
        string? Language = null,
    [property: StringLength(60)] string? Province = null,
    [property: StringLength(60)] string? City = null,
    [property: StringLength(80)] string? Industry = null,
    [property: StringLength(30)] string? CompanySize = null,
    Psychographics? Psychographics = null,
    [property: MaxLength(50)] Dictionary<string, string>? Preferences = null,
    [property: MaxLength(50)] IReadOnlyList<ContactPerson>? ContactPersons = null
)
{
    static readonly string[] contactKinds = ["phone", "email", "wechat", "idNumber"];
    static readonly string[] roles = ["decider", "champion", "influencer", "user", "blocker"];

    Demographics Demographics(DateTimeOffset now) =>
        new(
            Gender: Gender,
            AgeBand: AgeBand ?? BandOf(BirthDate, DateOnly.FromDateTime(now.UtcDateTime)),
            IncomeBand: IncomeBand,
            HouseholdSize: HouseholdSize,
            MaritalStatus: MaritalStatus,
            Language: Language,
            Province: Province,
            City: City,
            Industry: Industry,
            CompanySize: CompanySize
        );

    /// <exception cref="RuleViolationException">A contact that cannot be reached, or contact persons of an individual.</exception>
    public PersonalDetails Details(
        CustomerKind kind,
        IReadOnlyList<Contact>? contacts,
        IReadOnlyList<Address>? addresses,
        DateTimeOffset now
    )
    {
        if (ContactPersons is { Count: > 0 } && kind == CustomerKind.Individual)
            throw new RuleViolationException("enterprise-only", "Only an enterprise has contact persons.", "profile.contactPersons");
        if (ContactPersons?.FirstOrDefault(p => !roles.Contains(p.Role)) is { } person)
            throw new RuleViolationException(
                "unknown-role",
                $"A contact person is a {string.Join(", ", roles)}, not '{person.Role}'.",
                "profile.contactPersons"
            );
        foreach (var reached in ContactPersons ?? [])
        {
            if (reached.Phone is { } phone)
                Normalised(new("phone", phone));
            if (reached.Email is { } email)
                Normalised(new("email", email));
        }
        if (BirthDate > DateOnly.FromDateTime(now.UtcDateTime.AddDays(1)))
            throw new RuleViolationException("birth-date-in-future", "The birth date lies in the future.", "profile.birthDate");
        return new(
            Demographics: Demographics(now),
            Name: Name?.Trim() is { Length: > 0 } name ? name : null,
            BirthDate: BirthDate,
            Birthday: Birthday,
            Contacts: [.. (contacts ?? []).Select(Normalised).Distinct()],
            Addresses: addresses ?? [],
            Psychographics: Psychographics,
            Preferences: Preferences ?? [],
            ContactPersons: ContactPersons ?? []
        );
    }

    /// <summary>One spelling per contact, so that a look-up finds it.</summary>
    /// <exception cref="RuleViolationException"><c>invalid-contact</c>.</exception>
    public static Contact Normalised(Contact contact) =>
        // The message never repeats the value: it may be somebody's.
        new(
            contact.Kind,
            Key(contact) ?? throw new RuleViolationException("invalid-contact", $"This {contact.Kind} cannot be one.", "contacts")
        );

    /// <summary>The spelling by which a contact is found; null if it is none of its kind.</summary>
    public static string? Key(Contact contact)
    {
        var value = contact.Value.Trim();
        return contact.Kind switch
        {
            "phone" => Phone(value),
            "email" => Email(value),
            "wechat" or "idNumber" => value is { Length: > 0 and <= 64 } ? value : null,
            _ => throw new RuleViolationException("invalid-contact", $"A contact is one of {string.Join(", ", contactKinds)}.", "contacts"),
        };
    }

    /// <summary>
    /// In lower case, with the domain in its ASCII form. An address with a name, a scheme or invisible characters is none.
    /// </summary>
    static string? Email(string text)
    {
        if (
            text.Length > 254
            || text.Any(c => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)
            || text.Contains(':', StringComparison.Ordinal)
            || !MailAddress.TryCreate(text, out var address)
            || address.Address != text
        )
            return null;
        try
        {
            return $"{address.User}@{new IdnMapping().GetAscii(address.Host)}".ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null; // no name of a host
        }
    }

    /// <summary>E.164. Eleven digits that begin with 1 are a mobile number of mainland China.</summary>
    static string? Phone(string text)
    {
        var digits = new string([.. text.Where(char.IsAsciiDigit)]);
        if (text.Any(c => !char.IsAsciiDigit(c) && c is not ('+' or ' ' or '-' or '(' or ')' or '.')))
            return null;
        if (text.StartsWith('+'))
            return digits.Length is >= 7 and <= 15 ? "+" + digits : null;
        if (digits.StartsWith("00", StringComparison.Ordinal))
            return digits.Length is >= 9 and <= 17 ? "+" + digits[2..] : null;
        return digits.Length == 11 && digits[0] == '1' ? "+86" + digits
            : digits.Length is >= 5 and <= 15 ? digits
            : null;
    }

    /// <summary>The band of a person's age on a day.</summary>
    public static string? BandOf(DateOnly? birth, DateOnly today)
    {
        if (birth is not { } day)
            return null;
        var age = today.Year - day.Year - ((today.Month, today.Day).CompareTo((day.Month, day.Day)) < 0 ? 1 : 0);
        return age switch
        {
            < 19 => "0-18",
            < 25 => "19-24",
            < 35 => "25-34",
            < 45 => "35-44",
            < 55 => "45-54",
            < 65 => "55-64",
            _ => "65+",
        };
    }
}
