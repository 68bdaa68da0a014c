using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Writes who was forgotten, and when, to a file beside the databases (<c>PersonalData:ErasureList</c>; ids only), so that an erasure
/// outlives the loss of the database: a backup may be older than it, and a restored key would bring the person back. What the file holds
/// and the database does not know stays in it.
/// </summary>
public sealed class ErasureFile(NpgsqlDataSource db, IConfiguration configuration, TimeProvider clock) : IPeriodic
{
    internal const string Ddl = """
        ;create index if not exists data_keys_destroyed on data_keys (destroyed_at) where destroyed_at is not null
        """;

    const string AsOf = "# as of ";

    /// <summary>A person who was forgotten.</summary>
    /// <param name="Subject">Id of the customer.</param>
    /// <param name="At">When their key was destroyed.</param>
    public sealed record Erased(Guid Subject, DateTimeOffset At);

    public string Name => "erasure-list";
    public TimeSpan Every => TimeSpan.FromSeconds(30);
    public FirstRun First => FirstRun.AtOnce;

    public async Task Run(CancellationToken ct)
    {
        if (configuration["PersonalData:ErasureList"] is not { Length: > 0 } file)
            return;
        var now = clock.GetUtcNow();
        var list = new SortedDictionary<Guid, string>();
        if (File.Exists(file))
            foreach (var fields in (await File.ReadAllLinesAsync(file, ct)).Where(l => !l.StartsWith('#')).Select(l => l.Split(',', 2)))
                list[Guid.Parse(fields[0])] = fields[1];
        foreach (var person in await Known(db, ct))
            list[person.Subject] = person.At.ToString("O", CultureInfo.InvariantCulture);
        // A new file in the old one's place: half a list must never be read.
        await File.WriteAllLinesAsync(
            file + ".new",
            list.Select(person => $"{person.Key},{person.Value}").Prepend(AsOf + now.ToString("O", CultureInfo.InvariantCulture)),
            ct
        );
        File.Move(file + ".new", file, overwrite: true);
    }

    internal static Task<List<Erased>> Known(NpgsqlDataSource db, CancellationToken ct) =>
        db.Query<Erased>(
            "select subject, destroyed_at as at from data_keys where destroyed_at is not null order by destroyed_at, subject",
            null,
            ct
        );
}
