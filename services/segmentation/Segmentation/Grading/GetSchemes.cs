using System.Text.Json;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>Every version of every scheme.</summary>
public sealed class GetSchemes : IProjection
{
    const string Latest = """
        select distinct on (code collate "C") scheme::text from grade_schemes where code collate "C" > @after
        order by code collate "C", version desc limit @limit
        """;

    public string Name => "grade-schemes";

    public string Ddl =>
        """
            create table if not exists grade_schemes (code text not null, version int not null, scheme jsonb not null,
                published_at timestamptz not null, primary key (code, version));
            """;

    public void Register(EventHandlers on) =>
        on.On<GradeSchemePublished>(
            (p, _, sql) =>
                sql.Add(
                    """
                    insert into grade_schemes (code, version, scheme, published_at) values ($1, $2, $3::jsonb, $4) on conflict do nothing
                    """,
                    p.Scheme.Code,
                    p.Scheme.Version,
                    JsonSerializer.Serialize(p.Scheme, EventStoreOptions.Json),
                    p.OccurredAt
                )
        );

    public static void Map(CrmService room)
    {
        room.MapGet(
            "grade-schemes",
            "How customers are graded: the latest version of each scheme",
            "segmentation.read",
            async (NpgsqlDataSource db, int? limit, [Code] string? after, CancellationToken ct) =>
            {
                var size = PageLimit.Of(limit);
                var rows = await db.Query<string>(Latest, new { after = after ?? "", limit = size + 1 }, ct);
                return Page.Of(rows.ConvertAll(Read), size, s => s.Code);
            }
        );
        room.MapGet(
                "grade-schemes/{code}",
                "The versions of a scheme, the latest first",
                "segmentation.read",
                async ([Code] string code, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var versions = await db.Query<string>(
                        "select scheme::text from grade_schemes where code = @code order by version desc",
                        new { code },
                        ct
                    );
                    return versions.Count == 0 ? Answer.NotFound("grade scheme", code) : Results.Ok(versions.Select(Read).ToArray());
                }
            )
            .WithName("GetScheme")
            .Produces<IReadOnlyList<GradeScheme>>();
    }

    /// <summary>The latest version of every scheme, by its code.</summary>
    public static async Task<Dictionary<string, GradeScheme>> All(NpgsqlDataSource db, CancellationToken ct) =>
        (await db.Query<string>(Latest, new { after = "", limit = (int?)null }, ct)).Select(Read).ToDictionary(s => s.Code);

    internal static GradeScheme Read(string json) => JsonSerializer.Deserialize<GradeScheme>(json, EventStoreOptions.Json)!;
}
