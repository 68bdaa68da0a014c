namespace CrmPlatform.Customers.Profiles;

public sealed record DirectoryEntry
{
    public Guid Id { get; init; }
    public CustomerKind Kind { get; init; }
    public string? Name { get; init; }
    public string? Source { get; init; }
    public string[] Tags { get; init; } = [];
    public DateTime RegisteredAt { get; init; }
    public long Version { get; init; }
    public bool Forgotten { get; init; }
}

/// <summary>The customers, by kind, tag or source if wanted.</summary>
public static class GetCustomers
{
    const string Columns = "id, kind, name, source, tags, registered_at as RegisteredAt, version, forgotten";

    public static void Map(CrmService room)
    {
        room.MapGet(
            "",
            "List customers",
            "customers.read",
            async (string? kind, string? tag, string? source, int? limit, string? after, NpgsqlDataSource db, CancellationToken ct) =>
                await List(
                    db,
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
        );
    }

    internal static async Task<Page<DirectoryEntry>> List(
        NpgsqlDataSource db,
        string where,
        Dictionary<string, object?> values,
        int? limit,
        string? after,
        CancellationToken ct
    )
    {
        var (size, from) = (
            PageLimit.Of(limit),
            after is null ? Guid.Empty
            : Guid.TryParse(after, out var cursor) ? cursor
            : throw new BadRequestException("after", "the cursor of the page before")
        );
        var rows = await db.Query<DirectoryEntry>(
            $"select {Columns} from directory where id > @from and {where} order by id limit @size + 1",
            new DynamicParameters(new Dictionary<string, object?>(values) { ["from"] = from, ["size"] = size }),
            ct
        );
        return Page.Of(rows, size, last => last.Id.ToString());
    }
}
