using Npgsql;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// Dumps the databases while the platform runs. The keys of personal data go to files of their own: without them the rest names nobody.
/// </summary>
public static class Backup
{
    /// <summary>The broker counts its messages every 5 seconds: a younger count may not know of what was sent just now.</summary>
    private static readonly TimeSpan BrokerCounts = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task To(string folder, Instance instance, Secrets secrets, TimeProvider clock, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        var positions = await FeedPositions(instance, ct);
        await UntilHeard(instance, clock, ct);
        var at = clock.GetUtcNow();
        var hashes = new List<Hash>();
        // Who hears before whom it hears: a dump of a listener that is younger than its publisher's would hold what that one's log has
        // never seen.
        foreach (var part in Part.Contexts.Reverse())
            hashes.InsertRange(0, await Dump(part, folder, instance, ct));
        (await new ErasureList(instance).Refresh(ct)).Write(ErasuresOf(folder));
        foreach (var note in Notes.Where(note => File.Exists(instance.PathOf(note))))
            File.Copy(instance.PathOf(note), Path.Combine(folder, note), overwrite: true);
        Belongings.Write(folder, instance);
        secrets.WritePersonalKeys(MasterKeysOf(folder));
        new Manifest(at, positions, hashes).Write(folder); // last: a folder with a manifest is complete
        Hash.Print(hashes);
        AnsiConsole.WriteLine($"backup: {folder}");
        AnsiConsole.WriteLine($"keep {Path.Combine(folder, "keys")} apart: it decrypts the personal data in the rest");
    }

    /// <summary>
    /// Hashes and dump see one and the same snapshot. Keys are dumped after it: a key that is younger than the events does no harm, one
    /// that lacks would.
    /// </summary>
    private static async Task<IReadOnlyList<Hash>> Dump(Part part, string folder, Instance instance, CancellationToken ct)
    {
        await using var db = PgTools.Open(instance, part);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await using var export = new NpgsqlCommand("select pg_export_snapshot()", connection);
        var id = (string)(await export.ExecuteScalarAsync(ct))!;
        await PgTools.Run(
            "pg_dump",
            instance,
            ["-Fc", "--snapshot", id, "--exclude-table-data=public.data_keys", "-f", FileOf(folder, part), part.Database!],
            ct
        );
        var hashes = await Hash.Of(connection, part, ct);
        await snapshot.CommitAsync(ct);
        if (Part.Logs.Contains(part))
            await PgTools.Run(
                "pg_dump",
                instance,
                ["-Fc", "--data-only", "--table=public.data_keys", "-f", KeysOf(folder, part), part.Database!],
                ct
            );
        return hashes;
    }

    /// <summary>Waits until every listener has worked off what was sent before now; else a restored listener would lack it.</summary>
    private static async Task UntilHeard(Instance instance, TimeProvider clock, CancellationToken ct)
    {
        using var broker = Broker.Of(instance);
        if (broker is null)
        {
            AnsiConsole.WriteLine("CRM_RABBITMQ_HTTP is not set: whether facts are still on their way is not known");
            return;
        }
        var began = clock.GetTimestamp();
        await Task.Delay(BrokerCounts, clock, ct);
        while (await broker.Waiting(ct) is var waiting and > 0)
        {
            if (clock.GetElapsedTime(began) > Patience)
                throw new CrmException($"{waiting} messages still wait in RabbitMQ; ./crm status tells whether the services run");
            await Task.Delay(BrokerCounts, clock, ct);
        }
    }

    private static async Task<IReadOnlyDictionary<string, long>> FeedPositions(Instance instance, CancellationToken ct)
    {
        var positions = new Dictionary<string, long>();
        foreach (var part in Part.Logs)
        {
            await using var db = PgTools.Open(instance, part);
            await using var command = db.CreateCommand(
                "select coalesce(max(last_seq_id), 0) from public.mt_event_progression where name = 'feed'"
            );
            positions[part.Database!] = (long)(await command.ExecuteScalarAsync(ct))!;
        }
        return positions;
    }

    public static string FileOf(string folder, Part part) => Path.Combine(folder, part.Database + ".dump");

    /// <summary>What the demo remembers of the data: without it a later load would find the same purchases at other times.</summary>
    public static readonly IReadOnlyList<string> Notes = ["sample-shift", "sample-loaded", "delays.json"];

    public static string ErasuresOf(string folder) => Path.Combine(folder, "erasures");

    public static string MasterKeysOf(string folder) => Path.Combine(folder, "keys", "personal-data-keys");

    public static string KeysOf(string folder, Part part) => Path.Combine(folder, "keys", part.Database + ".dump");
}
