using System.Globalization;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Retracting;

/// <summary>How much an import or a source has told. It follows the log within a moment.</summary>
public abstract record Told
{
    /// <summary>Customers whom it registered.</summary>
    public long Customers { get; init; }

    /// <summary>Purchases that it told of.</summary>
    public long Purchases { get; init; }

    /// <summary>Returns that it told of.</summary>
    public long Returns { get; init; }

    /// <summary>Numbers that it linked to customers who were there.</summary>
    public long ExternalIds { get; init; }

    /// <summary>When it told something first; null if it never did.</summary>
    public DateTimeOffset? FirstAt { get; init; }

    /// <summary>When it told something last; null if it never did.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>When it was ordered to be taken back; null if it was not.</summary>
    public DateTimeOffset? RetractionOrderedAt { get; init; }

    /// <summary>When it was taken back; null if it was not, or not yet.</summary>
    public DateTimeOffset? RetractedAt { get; init; }
}

/// <summary>An import: everything that was uploaded under one name.</summary>
public sealed record ImportTold : Told
{
    /// <summary>The import's name.</summary>
    public string Id { get; init; } = "";

    /// <summary>The sources that its rows name.</summary>
    public string[] Sources { get; init; } = [];
}

/// <summary>A system that tells of customers and purchases.</summary>
public sealed record SourceTold : Told
{
    /// <summary>Its code, as requests and rows name it.</summary>
    public string Code { get; init; } = "";

    /// <summary>What people call it; null if nobody has described it.</summary>
    public string? Name { get; init; }

    /// <summary>0 to 100; of customers who are one, the more trusted source says what is shown.</summary>
    public int Trust { get; init; }

    /// <summary><c>allow</c>, <c>alert</c> or <c>block</c>; null where the setting of the installation holds.</summary>
    public string? Duplicates { get; init; }

    /// <summary>Whether its customers may be merged by machine.</summary>
    public bool MachineMerges { get; init; } = true;

    /// <summary>IANA name of the zone of its clock; null where it is not known.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>The lists of imports and of sources.</summary>
static class GetTellers
{
    const string Counts = """
        customers, purchases, returns, external_ids as ExternalIds, first_at as FirstAt, last_at as LastAt,
        ordered_at as RetractionOrderedAt, finished_at as RetractedAt
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
                "imports",
                "Imports, the last one first",
                "customers.read",
                async (int? limit, string? after, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var (size, (at, id)) = (PageLimit.Of(limit), Cursor(after));
                    var rows = await db.Query<ImportTold>(
                        $"""
                        select name as Id, sources, {Counts} from tellers
                        where teller = 'Import' and last_at is not null
                            and (@at::timestamptz is null or (last_at, name) < (@at, @id))
                        order by last_at desc, name desc limit @size + 1
                        """,
                        new
                        {
                            at,
                            id,
                            size,
                        },
                        ct
                    );
                    return Page.Of(rows, size, t => string.Create(CultureInfo.InvariantCulture, $"{t.LastAt!.Value.UtcTicks}_{t.Id}"));
                }
            )
            .WithName("GetImports");
        room.MapGet(
                "sources",
                "Sources, by their codes",
                "customers.read",
                async (int? limit, string? after, NpgsqlDataSource db, KnownSources known, CancellationToken ct) =>
                {
                    var size = PageLimit.Of(limit);
                    var rows = await db.Query<SourceTold>(
                        $"""
                        select name as Code, described_as as Name, coalesce(trust, {Source.DefaultTrust}) as Trust, {Counts} from tellers
                        where teller = 'Source' and name > @after order by name limit @size + 1
                        """,
                        new { after = Code(after), size },
                        ct
                    );
                    for (var i = 0; i < rows.Count; i++)
                        if (await known.Of(rows[i].Code, ct) is { } said)
                            rows[i] = rows[i] with
                            {
                                Duplicates = said.Duplicates,
                                MachineMerges = said.MachineMerges,
                                TimeZone = said.TimeZone,
                            };
                    return Page.Of(rows, size, t => Behind + t.Code);
                }
            )
            .WithName("GetSources");
    }

    const string Behind = "code:";

    static string Code(string? after) =>
        after is null ? ""
        : after.StartsWith(Behind, StringComparison.Ordinal) ? after[Behind.Length..]
        : throw new BadRequestException("after", "a cursor from a page's next");

    static (DateTimeOffset? At, string? Id) Cursor(string? after) =>
        after is null ? (null, null)
        : after.Split('_', 2) is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTime.MaxValue.Ticks
            ? (new(at, TimeSpan.Zero), id)
        : throw new BadRequestException("after", "a cursor from a page's next");
}
