namespace CrmPlatform.Customers.Profiles;

/// <summary>Exactly one of the criteria. By POST, so that no phone or name stands in a URL or its logs.</summary>
public sealed record SearchCustomers(
    Guid? Id = null,
    ExternalId? ExternalId = null,
    [property: StringLength(40)] string? Phone = null,
    [property: StringLength(254)] string? Email = null,
    [property: StringLength(200, MinimumLength = 1)] string? Name = null,
    int? Limit = null,
    string? After = null
)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "search",
                "Find customers by id, external id, phone, e-mail or name",
                "customers.read",
                async (
                    SearchCustomers search,
                    GetCustomers customers,
                    SearchNames names,
                    PersonalIndex index,
                    Business business,
                    PersonalReader reader,
                    CancellationToken ct
                ) =>
                {
                    if (
                        new object?[] { search.Id, search.ExternalId, search.Phone, search.Email, search.Name }.Count(c => c is not null)
                        != 1
                    )
                        throw new BadRequestException("search", "exactly one of id, externalId, phone, email, name");
                    var personal = search is { Id: null, ExternalId: null };
                    if (personal)
                        reader.Require();
                    if (search.Name is { } name)
                        return await names.List(name, search.Limit, search.After, ct);
                    var (where, values) = search switch
                    {
                        { Id: { } id } => ("id = @id", new Dictionary<string, object?> { ["id"] = id }),
                        { ExternalId: { } x } => (
                            """
                            id in (select customer_id from directory_external_ids
                                where (system, value) in ((@system, @value), (@spelledSystem, @spelledValue)))
                            """,
                            new()
                            {
                                ["system"] = x.Normal().System,
                                ["value"] = x.Normal().Value,
                                ["spelledSystem"] = x.System,
                                ["spelledValue"] = x.Value,
                            }
                        ),
                        _ => (
                            "id in (select customer_id from directory_contacts where hash = @hash)",
                            new() { ["hash"] = Hash(index, search, business.Region) }
                        ),
                    };
                    return await customers.List(where, values, search.Limit, search.After, ct, foundByPersonalText: personal);
                }
            )
            .ShowsMoreWith(Permissions.PersonalRead, "names, and finds by phone, e-mail and name");

    static byte[] Hash(PersonalIndex index, SearchCustomers search, string region)
    {
        var contact = search.Phone is { } phone ? new Contact("phone", phone) : new("email", search.Email!);
        return index.Of(
            contact.Kind,
            ContactKeys.Key(contact, region)
                ?? throw new BadRequestException(
                    contact.Kind,
                    contact.Kind == "phone"
                        ? $"a valid number, with country code unless it is one of {region}"
                        : "an address like ann@example.com"
                )
        );
    }
}
