namespace CrmPlatform.Customers.Profiles;

/// <summary>A profile as clients write it: demographics, name, contacts, addresses, psychographics, preferences.</summary>
/// <param name="Name">The person's or company's name.</param>
/// <param name="BirthDate">Date of birth; not in the future.</param>
/// <param name="Birthday">Month and day like <c>--02-29</c>, where the year of birth is not known.</param>
/// <param name="Gender"><c>female</c>, <c>male</c>, <c>other</c> or <c>undisclosed</c>.</param>
/// <param name="AgeBand">Such as <c>25-34</c>; computed where the birth date is known.</param>
/// <param name="IncomeBand">In the business's words: <c>100-150K</c>.</param>
/// <param name="HouseholdSize">How many people live in the household.</param>
/// <param name="MaritalStatus">In the business's words: <c>married</c>.</param>
/// <param name="Language">The language that the customer prefers, as a BCP 47 tag: <c>zh-CN</c>.</param>
/// <param name="Province">Province or state.</param>
/// <param name="City">City.</param>
/// <param name="Industry">Industry of an enterprise, in the business's words.</param>
/// <param name="CompanySize">Size of an enterprise, in the business's words: <c>50-99</c>.</param>
/// <param name="Psychographics">What they care for.</param>
/// <param name="Preferences">What they prefer, by name, in the business's words; at most 50.</param>
/// <param name="ContactPersons">Who speaks for an enterprise; at most 50, none for an individual.</param>
public sealed record Profile(
    [property: StringLength(200)] string? Name = null,
    DateOnly? BirthDate = null,
    [property: RegularExpression(
        "^--((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$",
        ErrorMessage = "birthday must be a month and a day like --02-29, where the year is not known"
    )]
        string? Birthday = null,
    [property: OneOf(null, "female", "male", "other", "undisclosed")] string? Gender = null,
    [property: AgeBand] string? AgeBand = null,
    [property: AmountBand] string? IncomeBand = null,
    [property: Range(1, 100)] int? HouseholdSize = null,
    [property: StringLength(30)] string? MaritalStatus = null,
    [property: RegularExpression("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", ErrorMessage = "language must be a BCP 47 tag like zh-CN")]
        string? Language = null,
    [property: Place] string? Province = null,
    [property: Place] string? City = null,
    [property: StringLength(80)] string? Industry = null,
    [property: StringLength(30)] string? CompanySize = null,
    Psychographics? Psychographics = null,
    [property: MaxLength(50)] Dictionary<string, string>? Preferences = null,
    [property: MaxLength(50)] IReadOnlyList<ContactPerson>? ContactPersons = null
)
{
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

    /// <param name="region">The business's region, in which a phone without country code is.</param>
    /// <exception cref="RuleViolationException">A contact that cannot be reached or was verified in the future, or contact persons of an
    /// individual.</exception>
    public PersonalDetails Details(
        CustomerKind kind,
        IReadOnlyList<Contact>? contacts,
        IReadOnlyList<Address>? addresses,
        DateTimeOffset now,
        string region
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
        foreach (var (reached, i) in (ContactPersons ?? []).Select((p, i) => (p, i)))
        {
            if (reached.Phone is { } phone)
                ContactKeys.Stored(new("phone", phone), region, $"profile.contactPersons[{i}].phone");
            if (reached.Email is { } email)
                ContactKeys.Stored(new("email", email), region, $"profile.contactPersons[{i}].email");
        }
        if (BirthDate > DateOnly.FromDateTime(now.UtcDateTime.AddDays(1)))
            throw new RuleViolationException("birth-date-in-future", "The birth date lies in the future.", "profile.birthDate");
        return new(
            Demographics: Demographics(now),
            Name: Name?.Trim() is { Length: > 0 } name ? name : null,
            BirthDate: BirthDate,
            Birthday: Birthday,
            Contacts: Verification.Latest((contacts ?? []).Select((c, i) => ContactKeys.Stored(c, region, $"contacts[{i}].value")), now),
            Addresses:
            [
                .. (addresses ?? []).Select((a, i) => a with { VerifiedAt = Verification.Told(a.VerifiedAt, $"addresses[{i}]", now) }),
            ],
            Psychographics: Psychographics,
            Preferences: Preferences ?? [],
            ContactPersons: ContactPersons ?? []
        );
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
