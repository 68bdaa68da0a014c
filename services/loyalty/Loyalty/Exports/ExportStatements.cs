using System.ComponentModel;

namespace CrmPlatform.Loyalty.Exports;

/// <summary>
/// The statements of all accounts, in the order of their ids; each oldest entry first. Some accounts at a time, so nothing is kept and no
/// snapshot of the database is held for long.
/// </summary>
public static class ExportStatements
{
    const int AtOnce = 200;

    public static void Map(CrmService room) =>
        room.MapGet(
                "exports/statements",
                "All statements as a file",
                "loyalty.export",
                async (
                    [Description("csv (default) or ndjson.")] string? format,
                    DateTimeOffset? from,
                    DateTimeOffset? to,
                    NpgsqlDataSource db,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    StatementFile.Check(format, from, to);
                    await using var file = StatementFile.Begin(db, http, format, from, to, "statements");
                    for (List<Guid> page = [Guid.Empty]; page.Count > 0; )
                    {
                        page = await db.Query<Guid>(
                            "select customer_id from ledger_account where customer_id > @after order by customer_id limit @AtOnce",
                            new { after = page[^1], AtOnce },
                            ct
                        );
                        await file.Write([.. page], ct);
                    }
                    return Results.Empty;
                }
            )
            .Produces<ExportedEntry>(200, "text/csv", "application/x-ndjson")
            .AtOnce(4);
}
