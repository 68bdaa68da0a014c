using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Imports;

/// <summary>The columns of an import of customers.</summary>
public static class CustomersFormat
{
    static readonly Column<CustomerKind> kind = Column.OneOf<CustomerKind>("kind", "individual", "individual if it is left out");
    static readonly Column<string> source = Column.Text("source", 60, "shop", "the system that the row comes from");
    static readonly Column<string> system = Column.Text("externalSystem", 60, "shop", "the system whose number externalId is");
    static readonly Column<string> externalId = Column.Text(
        "externalId",
        120,
        "C-1001",
        "the customer's number in that system: the key of the row"
    );
    static readonly Column<string> name = Column.Text("name", 200, "王小明", "the person's or the company's name");
    static readonly Column<string> gender = Column.Text("gender", 20, "female", "female, male, other or undisclosed");
    static readonly Column<DateOnly> birthDate = Column.Day("birthDate", "1990-12-31", "the date of birth");
    static readonly Column<string> birthday = Column.Text("birthday", 7, "", "where the year is not known, like --02-29");
    static readonly Column<string> ageBand = Column.Text("ageBand", 20, "", "where the date of birth is not known, like 25-34 or 65+");
    static readonly Column<string> incomeBand = Column.Text("incomeBand", 30, "", "a band like 50-74K or a word: at most two numbers");
    static readonly Column<long> householdSize = Column.Whole("householdSize", "3", "persons, 1 to 100");
    static readonly Column<string> maritalStatus = Column.Text("maritalStatus", 30, "", "a code of your own");
    static readonly Column<string> language = Column.Text("language", 35, "zh-CN", "a BCP 47 tag");
    static readonly Column<string> province = Column.Text(
        "province",
        60,
        "广东",
        "where the person or company is: a name without digits, or a code like CN-GD"
    );
    static readonly Column<string> city = Column.Text("city", 60, "深圳", "where the person or company is: a name without digits");
    static readonly Column<string> industry = Column.Text("industry", 80, "", "of a company");
    static readonly Column<string> companySize = Column.Text("companySize", 30, "", "of a company: a code of your own");
    static readonly Column<string> phone = Column.Text(
        "phone",
        40,
        "+86 138 0013 8000",
        "with country code, or a number of `Business:Region`; what is no valid number is kept and not found"
    );
    static readonly Column<string> email = Column.Text("email", 254, "ming@example.com", "an e-mail address");
    static readonly Column<DateTimeOffset> phoneVerifiedAt = Column.Instant(
        "phoneVerifiedAt",
        "",
        "when the source last verified the phone"
    );
    static readonly Column<DateTimeOffset> emailVerifiedAt = Column.Instant(
        "emailVerifiedAt",
        "",
        "when the source last verified the e-mail address"
    );
    static readonly Column<string> wechat = Column.Text("wechat", 64, "", "a WeChat id");
    static readonly Column<string> country = Column.Text(
        "addressCountry",
        60,
        "",
        "of the address; an address needs one of its six columns"
    );
    static readonly Column<string> addressProvince = Column.Text("addressProvince", 60, "广东", "of the address");
    static readonly Column<string> addressCity = Column.Text("addressCity", 60, "深圳", "of the address");
    static readonly Column<string> district = Column.Text("addressDistrict", 60, "南山区", "of the address");
    static readonly Column<string> street = Column.Text("addressStreet", 200, "", "of the address");
    static readonly Column<string> postalCode = Column.Text("addressPostalCode", 20, "", "of the address");
    static readonly Column<string[]> tags = Column.List("tags", 60, "newsletter|vip", "tags of origin import");
    static readonly Column<string[]> consents = Column.List(
        "consents",
        122,
        "marketing/email/2026-01",
        "consents given, each as purpose/channel/version of the notice; purpose and channel are codes"
    );
    static readonly Column<DateTimeOffset> occurredAt = Column.Instant(
        "occurredAt",
        "2026-05-31T12:00:00+08:00",
        "when the customer became known; now if it is left out"
    );

    public static readonly ImportFormat<RegisterCustomer> Format = new()
    {
        Kind = "customers",
        Route = "imports/{importId}/customers",
        Meaning = "A row is a customer, as POST /api/customers takes it.",
        Identity =
            "externalSystem and externalId. What a row gives of a known customer must be what the registration or the profile says "
            + "(`unchanged`), or it is refused (`registered-differently`); what it leaves out is not compared, nor are occurredAt, the "
            + "source, the versions of notices and earlier verifications of somebody who is known. A row without an external "
            + "id is known by its content within the import: the same row again is `unchanged`.",
        Columns =
        [
            kind,
            source,
            system,
            externalId,
            name,
            gender,
            birthDate,
            birthday,
            ageBand,
            incomeBand,
            householdSize,
            maritalStatus,
            language,
            province,
            city,
            industry,
            companySize,
            phone,
            email,
            phoneVerifiedAt,
            emailVerifiedAt,
            wechat,
            country,
            addressProvince,
            addressCity,
            district,
            street,
            postalCode,
            tags,
            consents,
            occurredAt,
        ],
        Clock = SourceClock.Of(source),
        ColumnOf = (rows, refused) => CustomerColumns.Of(rows[0], refused),
        Read = rows => Read(rows[0]),
    };

    static RegisterCustomer Read(CsvRow row) =>
        new(
            Kind: row.Maybe(kind) ?? CustomerKind.Individual,
            Profile: new(
                Name: row.Maybe(name),
                BirthDate: row.Maybe(birthDate),
                Birthday: row.Maybe(birthday),
                Gender: row.Maybe(gender),
                AgeBand: row.Maybe(ageBand),
                IncomeBand: row.Maybe(incomeBand),
                HouseholdSize: row.Maybe(householdSize) is { } persons ? (int)Math.Clamp(persons, 0, int.MaxValue) : null,
                MaritalStatus: row.Maybe(maritalStatus),
                Language: row.Maybe(language),
                Province: row.Maybe(province),
                City: row.Maybe(city),
                Industry: row.Maybe(industry),
                CompanySize: row.Maybe(companySize)
            ),
            Source: row.Maybe(source),
            ExternalIds: row.Cell(system) is null && row.Cell(externalId) is null ? null : [new(row.Of(system), row.Of(externalId))],
            Contacts:
            [
                .. new[]
                {
                    Contact(row, "phone", phone, phoneVerifiedAt),
                    Contact(row, "email", email, emailVerifiedAt),
                    Contact(row, "wechat", wechat, null),
                }.OfType<Contact>(),
            ],
            Addresses: Address(row) is { } address ? [address] : null,
            Tags: row.Maybe(tags),
            Consents: row.Maybe(consents)?.Select(c => Consent(row, c)).ToList(),
            OccurredAt: row.Maybe(occurredAt)
        );

    static Contact? Contact(CsvRow row, string kind, Column<string> column, Column<DateTimeOffset>? verified) =>
        (row.Maybe(column), verified is null ? null : row.Maybe(verified)) switch
        {
            ({ } value, var at) => new(kind, value, at),
            (null, { }) => throw new CellException(row.Line, column, null, "given where it was verified"),
            _ => null,
        };

    static Address? Address(CsvRow row) =>
        new Address(
            Kind: "main",
            Country: row.Maybe(country),
            Province: row.Maybe(addressProvince),
            City: row.Maybe(addressCity),
            District: row.Maybe(district),
            Street: row.Maybe(street),
            PostalCode: row.Maybe(postalCode)
        )
            is var address
        && address != new Address("main")
            ? address
            : null;

    static RegisterCustomer.Consent Consent(CsvRow row, string cell) =>
        cell.Split('/') is [var purpose, var channel, var notice]
            ? new(purpose, channel, Granted: true, notice)
            : throw new CellException(row.Line, consents, cell);
}
