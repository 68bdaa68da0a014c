using System.ComponentModel;

namespace CrmPlatform.Loyalty.Exports;

/// <summary>The whole statement of one account, or of one person's accounts one after the other; each oldest entry first.</summary>
public static class ExportStatement
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}/statement/export",
                "The whole statement of an account as a file",
                "loyalty.read",
                async (
                    Guid customerId,
                    [Description("csv (default) or ndjson.")] string? format,
                    DateTimeOffset? from,
                    DateTimeOffset? to,
                    NpgsqlDataSource db,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    StatementFile.Check(format, from, to);
                    var members = (await CustomerGroups.Of(db, customerId, ct)).Members.ToArray();
                    var known = await db.QuerySingle<bool>(
                        "select exists (select from ledger_account where customer_id = any(@members))",
                        new { members },
                        ct
                    );
                    if (!known)
                        return Answer.NotFound("account", customerId);
                    await using var file = StatementFile.Begin(db, http, format, from, to, $"statement-{customerId}");
                    await file.Write(members, ct);
                    return Results.Empty;
                }
            )
            .Produces<ExportedEntry>(200, "text/csv", "application/x-ndjson")
            .AtOnce(8);
}
