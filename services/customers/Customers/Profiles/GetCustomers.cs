using System.Text.Json.Serialization;

namespace CrmPlatform.Customers.Profiles;

/// <param name="Personal">Whether the name is shown, if there is one.</param>
/// <param name="NameVersion">The fact of the customer that has the name.</param>
public sealed record DirectoryEntry
{
    public Guid Id { get; init; }
    public CustomerKind Kind { get; init; }
    public PersonalShown Personal { get; init; }
    public string? Name { get; init; }
    public string? Source { get; init; }
    public string[] Tags { get; init; } = [];
    public DateTime RegisteredAt { get; init; }
    public long Version { get; init; }
    public bool Forgotten { get; init; }

    [JsonIgnore]
    public long? NameVersion { get; init; }
}

/// <summary>The customers, by kind, tag or source if wanted.</summary>
public sealed class GetCustomers(NpgsqlDataSource db, EventStore store, PersonalReader reader)
{
    const string Columns = """
        id, kind, source, tags, registered_at, version, forgotten,
        (select n.version from directory_names n where n.customer_id = directory.id) as name_version
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "",
                "List customers",
                "customers.read",
                (string? kind, string? tag, string? source, int? limit, string? after, GetCustomers customers, CancellationToken ct) =>
                    customers.List(
                        """
                        (@kind::text is null or kind = @kind) and (@tag::text is null or @tag = any(tags))
                            and (@source::text is null or source = @source)
                        """,
                        new()
                        {
                            ["kind"] =
                                kind is null ? null
                                : Enum.TryParse<CustomerKind>(kind, true, out var k) && Enum.IsDefined(k) ? k.ToString()
                                : throw new BadRequestException("kind", "individual or enterprise"),
                            ["tag"] = tag,
                            ["source"] = source,
                        },
                        limit,
                        after,
                        ct
                    )
            )
            .ShowsMoreWith(Permissions.PersonalRead, "names");

    /// <param name="foundByPersonalText">That they are found says something of them, also where no name is shown.</param>
    public async Task<Page<DirectoryEntry>> List(
        string where,
        Dictionary<string, object?> values,
        int? limit,
        string? after,
        CancellationToken ct,
        bool foundByPersonalText = false
    )
    {
        var (size, from) = (PageLimit.Of(limit), Cursor(after));
        var rows = await db.Query<DirectoryEntry>(
            $"select {Columns} from directory where id > @from and {where} order by id limit @size + 1",
            new DynamicParameters(new Dictionary<string, object?>(values) { ["from"] = from, ["size"] = size }),
            ct
        );
        var page = Page.Of(rows, size, last => last.Id.ToString());
        var names = reader.May ? await SealedNames.Of(store, page.Items.Where(HasName).Select(Place), ct) : [];
        await reader.Read([.. page.Items.Select(e => e.Id).Where(id => foundByPersonalText || names.ContainsKey(id))]);
        return page with
        {
            Items = [.. page.Items.Select(e => e with { Name = names.GetValueOrDefault(e.Id), Personal = reader.Of(e.Forgotten) })],
        };
    }

    public static Guid Cursor(string? after) =>
        after is null ? Guid.Empty
        : Guid.TryParse(after, out var cursor) ? cursor
        : throw new BadRequestException("after", "the cursor of the page before");

    static bool HasName(DirectoryEntry entry) => entry.NameVersion is not null;

    static (Guid Stream, long Version) Place(DirectoryEntry entry) => (entry.Id, entry.NameVersion!.Value);
}
