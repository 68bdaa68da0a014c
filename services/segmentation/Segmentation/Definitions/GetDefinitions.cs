using System.Text.Json;

namespace CrmPlatform.Segmentation.Definitions;

/// <summary>Every version of every definition.</summary>
public sealed class GetDefinitions : IProjection
{
    public string Name => "run-definitions";

    public string Ddl =>
        """
            create table if not exists run_definitions (
                code text not null, version int not null, definition jsonb not null, primary key (code, version));
            """;

    public void Register(EventHandlers on) =>
        on.On<RunDefinitionPublished>(
            (p, _, sql) =>
                sql.Add(
                    "insert into run_definitions (code, version, definition) values ($1, $2, $3::jsonb) on conflict do nothing",
                    p.Definition.Code,
                    p.Definition.Version,
                    JsonSerializer.Serialize(p.Definition, EventStoreOptions.Json)
                )
        );

    public static void Map(CrmService room)
    {
        room.MapGet(
            "definitions",
            "How runs measure: the latest version of each definition",
            "segmentation.read",
            async (NpgsqlDataSource db, int? limit, string? after, CancellationToken ct) =>
            {
                var size = PageLimit.Of(limit);
                var rows = await db.Query<string>(
                    """
                    select distinct on (code collate "C") definition::text from run_definitions where code collate "C" > @after
                    order by code collate "C", version desc limit @size + 1
                    """,
                    new { after = Code(after), size },
                    ct
                );
                List<RunDefinition> all = [.. rows.Select(Read)];
                // The built-in one stands first, on the first page.
                return Page.Of(
                    after is null ? [RunDefinition.Default, .. all.Take(size)] : all,
                    size,
                    d => Behind + (d.IsDefault ? "" : d.Code)
                );
            }
        );
        room.MapGet(
                "definitions/{code}",
                "The versions of a definition, the latest first",
                "segmentation.read",
                async ([Code] string code, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    if (code == RunDefinition.DefaultCode)
                        return Results.Ok(new[] { RunDefinition.Default });
                    var versions = await db.Query<string>(
                        "select definition::text from run_definitions where code = @code order by version desc",
                        new { code },
                        ct
                    );
                    return versions.Count == 0 ? Answer.NotFound("definition", code) : Results.Ok(versions.Select(Read).ToArray());
                }
            )
            .WithName("GetDefinition")
            .Produces<IReadOnlyList<RunDefinition>>();
    }

    const string Behind = "code:";

    static string Code(string? after) =>
        after is null ? ""
        : after.StartsWith(Behind, StringComparison.Ordinal) ? after[Behind.Length..]
        : throw new BadRequestException("after", "the 'next' of the page before");

    static RunDefinition Read(string json) => JsonSerializer.Deserialize<RunDefinition>(json, EventStoreOptions.Json)!;
}
