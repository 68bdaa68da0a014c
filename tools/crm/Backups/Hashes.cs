using Npgsql;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>One hash per log and per read model: equal hashes mean equal content, whatever the order of rows on disk.</summary>
public sealed record Hash(string Database, string Table, long Rows, string Value)
{
    public static async Task<IReadOnlyList<Hash>> Of(IEnumerable<Part> parts, Instance instance, CancellationToken ct)
    {
        var hashes = new List<Hash>();
        foreach (var part in parts)
        {
            await using var db = PgTools.Open(instance, part);
            await using var connection = await db.OpenConnectionAsync(ct);
            hashes.AddRange(await Of(connection, part, ct));
        }
        return hashes;
    }

    /// <summary>The log, or what was heard, and every table of the read schema, as the connection's transaction sees them.</summary>
    public static async Task<IReadOnlyList<Hash>> Of(NpgsqlConnection connection, Part part, CancellationToken ct)
    {
        var hashes = new List<Hash> { await OfTable(connection, part.Database!, part.Source, ct) };
        foreach (var table in await ReadModels(connection, ct))
            hashes.Add(await OfTable(connection, part.Database!, table, ct));
        return hashes;
    }

    public static void Print(IReadOnlyList<Hash> hashes)
    {
        foreach (var hash in hashes)
            Console.WriteLine($"{hash.Value}  {hash.Rows, 9}  {hash.Database}.{hash.Table}");
        AnsiConsole.WriteLine();
    }

    private static async Task<IReadOnlyList<string>> ReadModels(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'read' order by tablename
            """,
            connection
        );
        await using var rows = await command.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await rows.ReadAsync(ct))
            names.Add(rows.GetString(0));
        return names;
    }

    /// <summary>Rows are hashed one by one and sorted by hash: row order and physical layout do not matter, every column does.</summary>
    private static async Task<Hash> OfTable(NpgsqlConnection connection, string database, string table, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select count(*), encode(sha256(convert_to(coalesce(string_agg(h, '' order by h), ''), 'UTF8')), 'hex')
            from (select md5(t::text) as h from {table} t) rows
            """,
            connection
        )
        {
            CommandTimeout = 0,
        };
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(database, table, row.GetInt64(0), row.GetString(1));
    }
}
