using System.ComponentModel;

namespace CrmPlatform.Customers.Profiles;

/// <summary>A customer in a list.</summary>
public sealed record DirectoryEntry
{
    /// <summary>Id of the customer.</summary>
    public Guid Id { get; init; }

    /// <summary><c>individual</c> for a person, <c>enterprise</c> for a company.</summary>
    public CustomerKind Kind { get; init; }

    /// <summary>The name; null where none is known, and once the customer is forgotten.</summary>
    public string? Name { get; init; }

    /// <summary>The system that the customer came from; null if it was not named.</summary>
    public string? Source { get; init; }

    /// <summary>The words on the customer.</summary>
    public string[] Tags { get; init; } = [];

    /// <summary>When the customer became known.</summary>
    public DateTime RegisteredAt { get; init; }
    public long Version { get; init; }

    /// <summary>True once the customer asked to be forgotten.</summary>
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
            async (
                [Description("Only individual or enterprise.")] string? kind,
                [Description("Only customers with this tag.")] string? tag,
                [Description("Only customers who came from this system.")] string? source,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                CancellationToken ct
            ) =>
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
