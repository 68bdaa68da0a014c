using System.Globalization;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>
/// One field of a profile was wrong, and is mended; the rest stays. The history keeps what it was, and why. The same again changes nothing.
/// </summary>
/// <param name="Field">A field of the profile, or <c>phone</c>, <c>email</c>, <c>wechat</c>, <c>idNumber</c> for a contact.</param>
/// <param name="Value">What is right, as the profile writes it; left out to take away what is there.</param>
/// <param name="Reason">Why, as a code in the business's words: <c>typing-error</c>, <c>customer-asked</c>.</param>
/// <param name="Was">Of a contact: the one that was wrong, in any spelling; left out to add one.</param>
/// <param name="Batch">Your name for what is corrected together, as a code.</param>
public sealed record CorrectField(
    [property:
        Required,
        OneOf(
            "name",
            "birthDate",
            "birthday",
            "gender",
            "ageBand",
            "incomeBand",
            "householdSize",
            "maritalStatus",
            "language",
            "province",
            "city",
            "industry",
            "companySize",
            "phone",
            "email",
            "wechat",
            "idNumber"
        )
    ]
        string Field,
    [property: StringLength(254)] string? Value,
    [property: Required, Code] string Reason,
    [property: StringLength(254)] string? Was = null,
    [property: Code] string? Batch = null
)
{
    bool IsContact => Field is "phone" or "email" or "wechat" or "idNumber";

    /// <exception cref="RuleViolationException"><c>no-such-contact</c>, <c>invalid-value</c>: the field cannot have it.</exception>
    public ICustomerEvent[] Decide(Customer customer, Guid id, DateTimeOffset now, string region)
    {
        var details = customer.Known().Details ?? throw new NotFoundException("profile of customer", id);
        if (!IsContact && Was is not null)
            throw new BadRequestException("was", "left out: the field has one value");
        var corrected = IsContact ? Contact(details, region) : One(customer.Kind, details, now, region);
        var field = IsContact ? "contacts" : Field;
        if (!ProfileFields.Differ(details, corrected, field))
            return [];
        var birthday = new Profile(
            BirthDate: corrected.BirthDate,
            Birthday: corrected.Birthday,
            Preferences: new Dictionary<string, string>(corrected.Preferences)
        );
        return
        [
            new ProfileRevised(customer.Kind, Personal.Of(id, corrected), now, new(field, Reason, Batch)),
            .. NoteBirthday.Decide(customer, id, birthday, now),
            .. ReviseProfile.Reopened(customer, corrected, now),
        ];
    }

    PersonalDetails Contact(PersonalDetails details, string region)
    {
        if (Value is null && Was is null)
            throw new BadRequestException("value", "given, or was");
        var place = Was is null ? -1 : details.Contacts.ToList().FindIndex(c => c.Kind == Field && Key(c.Value) == Key(Was));
        if (Was is not null && place < 0)
            return Value is { } there && details.Contacts.Any(c => c.Kind == Field && Key(c.Value) == Key(there))
                ? details // it is mended already
                : throw new RuleViolationException("no-such-contact", $"The profile has no such {Field}.", "was");
        var contacts = details.Contacts.ToList();
        if (place >= 0)
            contacts.RemoveAt(place);
        if (Value is { } value)
        {
            var stored = ContactKeys.Stored(new(Field, value), region, "value");
            if (contacts.All(c => (c.Kind, c.Value) != (stored.Kind, stored.Value)))
                contacts.Insert(place < 0 ? contacts.Count : place, stored);
        }
        return (details with { Contacts = contacts }).Carried(details);

        string Key(string text) => ContactKeys.Key(new(Field, text), region) ?? text.Trim();
    }

    PersonalDetails One(CustomerKind kind, PersonalDetails details, DateTimeOffset now, string region)
    {
        var given = Given();
        var broken = new List<ValidationResult>();
        if (!Validator.TryValidateObject(given, new(given), broken, validateAllProperties: true))
            throw Invalid();
        var read = Read(given, kind, now, region);
        var (d, r) = (details.Demographics, read.Demographics);
        return Field switch
        {
            "name" => details with { Name = read.Name },
            "birthDate" => details with { BirthDate = read.BirthDate, Demographics = d with { AgeBand = r.AgeBand } },
            "birthday" => details with { Birthday = read.Birthday },
            "gender" => details with { Demographics = d with { Gender = r.Gender } },
            "ageBand" when details.BirthDate is not null => throw Invalid("The age band follows from the birth date."),
            "ageBand" => details with { Demographics = d with { AgeBand = r.AgeBand } },
            "incomeBand" => details with { Demographics = d with { IncomeBand = r.IncomeBand } },
            "householdSize" => details with { Demographics = d with { HouseholdSize = r.HouseholdSize } },
            "maritalStatus" => details with { Demographics = d with { MaritalStatus = r.MaritalStatus } },
            "language" => details with { Demographics = d with { Language = r.Language } },
            "province" => details with { Demographics = d with { Province = r.Province } },
            "city" => details with { Demographics = d with { City = r.City } },
            "industry" => details with { Demographics = d with { Industry = r.Industry } },
            _ => details with { Demographics = d with { CompanySize = r.CompanySize } },
        };
    }

    static PersonalDetails Read(Profile given, CustomerKind kind, DateTimeOffset now, string region)
    {
        try
        {
            return given.Details(kind, null, null, now, region);
        }
        catch (RuleViolationException e)
        {
            throw new RuleViolationException(e.Code, e.Message, "value"); // which has what the profile's field would
        }
    }

    Profile Given() =>
        Field switch
        {
            "name" => new(Name: Value),
            "birthDate" => new(BirthDate: Value is null ? null : Day(Value)),
            "birthday" => new(Birthday: Value),
            "gender" => new(Gender: Value),
            "ageBand" => new(AgeBand: Value),
            "incomeBand" => new(IncomeBand: Value),
            "householdSize" => new(HouseholdSize: Value is null ? null : Whole(Value)),
            "maritalStatus" => new(MaritalStatus: Value),
            "language" => new(Language: Value),
            "province" => new(Province: Value),
            "city" => new(City: Value),
            "industry" => new(Industry: Value),
            _ => new(CompanySize: Value),
        };

    DateOnly Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Invalid();

    int Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid();

    // The message never repeats the value: it may be somebody's.
    RuleViolationException Invalid(string? why = null) =>
        new RuleViolationException("invalid-value", why ?? $"{Field} must be as the profile of a registration has it.", "value");
}
