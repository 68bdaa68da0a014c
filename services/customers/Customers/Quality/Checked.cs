using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>What the checks look at. It is personal text and is never stored.</summary>
/// <param name="Answered">The customer has given or refused a consent.</param>
/// <param name="Region">The business's region, in which a phone or an address without country is.</param>
public sealed record Checked(CustomerKind Kind, PersonalDetails Details, bool Answered, string Region)
{
    static readonly string[] china = ["CN", "CHN", "China", "中国", "中华人民共和国"];

    public bool IsCompany => Kind == CustomerKind.Enterprise;

    public IEnumerable<string> Contacts(string kind) => Details.Contacts.Where(c => c.Kind == kind).Select(c => c.Value);

    /// <summary>Addresses in China: by their country, or without one where the business is there.</summary>
    public IEnumerable<Address> ChineseAddresses =>
        Details.Addresses.Where(a =>
            a.Country is { } country ? china.Contains(country.Trim(), StringComparer.OrdinalIgnoreCase) : Region == "CN"
        );
}
