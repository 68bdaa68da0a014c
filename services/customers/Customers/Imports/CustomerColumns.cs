namespace CrmPlatform.Customers.Imports;

/// <summary>From which column a row's field comes, where it is named otherwise: <c>profile.gender</c>, <c>contacts[1].value</c>.</summary>
static class CustomerColumns
{
    /// <summary>In the order in which a row's contacts are read.</summary>
    static readonly string[] contacts = ["phone", "email", "wechat"];

    static readonly string[] address = ["Country", "Province", "City", "District", "Street", "PostalCode"];

    /// <summary>Refusals that name all contacts or the address, and are about one column.</summary>
    static readonly Dictionary<string, string> about = new()
    {
        ["quality-contact-missing"] = "phone",
        ["quality-phone-format"] = "phone",
        ["quality-email-format"] = "email",
        ["quality-address-missing"] = "addressStreet",
        ["quality-postal-code-format"] = "addressPostalCode",
        ["quality-postal-code-province"] = "addressPostalCode",
        ["quality-district-unknown"] = "addressDistrict",
    };

    /// <returns>Null where no column is better than the field's own name.</returns>
    public static string? Of(CsvRow row, RowResult refused)
    {
        var field = refused.Field!;
        var (list, member) = (field.Split('.', '[')[0], field.Contains('.', StringComparison.Ordinal) ? field.Split('.')[^1] : null);
        return list switch
        {
            "profile" => member,
            "customerId" => "externalId",
            "externalIds" => member == "system" ? "externalSystem" : "externalId",
            "consents" or "tags" => list,
            "contacts" when Place(field) is { } place => Contact(row, place) + (member == "verifiedAt" ? "VerifiedAt" : ""),
            "addresses" when address.FirstOrDefault(a => a.Equals(member, StringComparison.OrdinalIgnoreCase)) is { } part => "address"
                + part,
            "contacts" or "addresses" when about.GetValueOrDefault(refused.Error!) is { } column => column,
            "addresses" => address.Select(a => "address" + a).FirstOrDefault(a => Has(row, a)),
            _ => null,
        };
    }

    static int? Place(string field) =>
        field.Split('[', ']') is [_, var place, ..] ? int.Parse(place, System.Globalization.CultureInfo.InvariantCulture) : null;

    static string Contact(CsvRow row, int place) => contacts.Where(c => Has(row, c)).ElementAt(place);

    static bool Has(CsvRow row, string column) => row.Cell(CustomersFormat.Format.Columns.Single(c => c.Name == column)) is not null;
}
