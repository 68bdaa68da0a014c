using Npgsql;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>Puts the databases back as a backup has them, except for people who were forgotten since: their keys stay destroyed.</summary>
public static class Restore
{
    /// <summary>Says that there is no list that is newer than the backup.</summary>
    public const string NoneNewer = "none";

    /// <summary>0 when logs and read models are equal to those of the backup, else 1.</summary>
    /// <param name="erasures">A file with the newest list of the forgotten, or <see cref="NoneNewer"/>; null if it is known here.</param>
    public static async Task<int> From(string folder, string? erasures, Instance instance, Secrets secrets, CancellationToken ct)
    {
        var manifest = Manifest.Read(folder);
        var belongings = Belongings.In(folder).For(instance, folder, Environment.GetEnvironmentVariable);
        var forgotten = (await Newest(folder, erasures, instance, ct)).People;
        AnsiConsole.WriteLine($"zone, currency and region: {belongings.Company}; settings: {belongings.Settings?.Count ?? 0} lines");
        secrets.AdoptPersonalKeys(Backup.MasterKeysOf(folder));
        belongings.Keep(instance);
        await Services.Down(instance, ct);
        using (var broker = Broker.Of(instance))
            if (broker is not null)
                await broker.Empty(ct);
            else
                AnsiConsole.WriteLine(
                    "CRM_RABBITMQ_HTTP is not set: empty the virtual host by hand, its facts belong to the logs that are replaced now"
                );

        await using (var admin = NpgsqlDataSource.Create(instance.PostgresAdmin))
            foreach (var part in Part.Contexts)
            {
                await Migrate.Run(admin, $"drop database if exists {part.Database} with (force)", ct);
                await Migrate.MakeDatabase(admin, part, secrets, ct);
                foreach (
                    var (file, options) in new[]
                    {
                        (Backup.FileOf(folder, part), Array.Empty<string>()),
                        (Backup.KeysOf(folder, part), ["--data-only"]),
                    }
                )
                    if (File.Exists(file))
                        await PgTools.Run("pg_restore", instance, ["--exit-on-error", .. options, "-d", part.Database!, file], ct);
            }
        foreach (var note in Backup.Notes)
            if (File.Exists(Path.Combine(folder, note)))
                File.Copy(Path.Combine(folder, note), instance.PathOf(note), overwrite: true);
            else
                File.Delete(instance.PathOf(note));
        // A backup of a time when there were fewer rooms: those that came later are made, and hear everything.
        var missing = Part.Readers.Where(part => !File.Exists(Backup.FileOf(folder, part))).ToList();
        var hashes = await Hash.Of(Part.Contexts.Except(missing), instance, ct);
        Hash.Print(hashes);
        foreach (var part in Part.Logs)
            await GoOnFrom(part, manifest, forgotten, instance, ct);

        await Services.Up(instance, secrets, ct);
        await ForgetAgain(forgotten.Keys, instance, secrets, ct);
        using (var api = await Api.As(Client.Ops, instance, secrets, ct))
            foreach (var part in missing)
                await Resend.To(api, instance, part.Name, from: null, ct);
        var equal = hashes.SequenceEqual(manifest.Hashes.Where(hash => !missing.Any(part => part.Database == hash.Database)));
        AnsiConsole.WriteLine(
            equal ? "hashes of all logs and read models are equal to those of the backup" : "HASHES DIFFER from those of the backup"
        );
        return equal ? 0 : 1;
    }

    /// <exception cref="CrmException">No list is known that is newer than the backup's own, and nobody said that there is none.</exception>
    private static async Task<Erasures> Newest(string folder, string? erasures, Instance instance, CancellationToken ct)
    {
        var own = File.Exists(Backup.ErasuresOf(folder)) ? Erasures.Read(Backup.ErasuresOf(folder)) : Erasures.None;
        var given = erasures is null or NoneNewer ? Erasures.None : Erasures.Read(erasures);
        var known = await new ErasureList(instance).Refresh(ct, own, given);
        if (known.AsOf <= own.AsOf && erasures != NoneNewer)
            throw new CrmException(
                $"the newest list of the forgotten that is known here is the backup's own, as of {own.AsOf:u}: whoever was forgotten "
                    + "since would come back. Give the newest one by --erasures FILE: the file erasures of a newer backup, or what "
                    + $"./crm erasures export wrote. If there is none, say --erasures {NoneNewer}"
            );
        AnsiConsole.WriteLine($"{known.People.Count} people were forgotten, by the list as of {known.AsOf:u}; they stay forgotten");
        return known;
    }

    /// <summary>
    /// A log that is older than an erasure does not know of it; one that is older than the customer has nobody to forget.
    /// </summary>
    internal static async Task ForgetAgain(IEnumerable<Guid> forgotten, Instance instance, Secrets secrets, CancellationToken ct)
    {
        using var api = await Api.As(Client.Ops, instance, secrets, ct);
        var again = 0;
        foreach (var customer in forgotten)
        {
            try
            {
                await api.Post($"/api/customers/{customer}/forget", new { reason = "request", group = false }, ct);
                again++;
            }
            catch (CrmException unknown) when (unknown.Status == 404)
            {
                continue;
            }
        }
        if (again > 0)
            AnsiConsole.WriteLine($"{again} forgotten customers stay forgotten");
    }

    /// <summary>
    /// The broker is empty now: feeds send again what may not have arrived, the public stream is filled from the first event, forgotten
    /// keys go again.
    /// </summary>
    private static async Task GoOnFrom(
        Part part,
        Manifest manifest,
        IReadOnlyDictionary<Guid, DateTimeOffset> forgotten,
        Instance instance,
        CancellationToken ct
    )
    {
        await using var db = PgTools.Open(instance, part);
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(
            new("update public.mt_event_progression set last_seq_id = least(last_seq_id, $1) where name = 'feed'")
            {
                Parameters = { new() { Value = manifest.FeedPositions[part.Database!] } },
            }
        );
        batch.BatchCommands.Add(new("update public.mt_event_progression set last_seq_id = 0 where name = 'public-stream'"));
        batch.BatchCommands.Add(
            new(
                """
                update public.data_keys k set wrapped = null, destroyed_at = coalesce(k.destroyed_at, f.at)
                from unnest($1::uuid[], $2::timestamptz[]) f(subject, at) where k.subject = f.subject
                """
            )
            {
                Parameters =
                {
                    new() { Value = forgotten.Keys.ToArray() },
                    new() { Value = forgotten.Values.Select(at => at.ToUniversalTime()).ToArray() },
                },
            }
        );
        await batch.ExecuteNonQueryAsync(ct);
    }
}
