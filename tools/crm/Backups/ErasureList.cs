using System.Globalization;
using Npgsql;

namespace CrmPlatform.Crm;

/// <summary>
/// Who was forgotten, and when: ids only. It lives beside the databases and outlives them, because a backup may be older than an erasure,
/// and a restored key would bring a forgotten person back.
/// </summary>
public sealed class ErasureList(Instance instance)
{
    private string Kept => instance.PathOf("erasures");

    /// <summary>Joins what is kept, what further files say, and what the customers database knows, and keeps that.</summary>
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> Refresh(CancellationToken ct, params string[] files)
    {
        var known = new SortedDictionary<Guid, DateTimeOffset>();
        foreach (var file in files.Append(Kept).Where(File.Exists))
        foreach (var fields in (await File.ReadAllLinesAsync(file, ct)).Select(line => line.Split(',')))
            Add(known, Guid.Parse(fields[0]), DateTimeOffset.Parse(fields[1], CultureInfo.InvariantCulture));
        foreach (var (customer, at) in await FromDatabase(ct))
            Add(known, customer, at);
        await Write(Kept, known, ct);
        return known;
    }

    public static Task Write(string file, IEnumerable<KeyValuePair<Guid, DateTimeOffset>> list, CancellationToken ct) =>
        File.WriteAllLinesAsync(file, list.Select(entry => $"{entry.Key},{entry.Value.ToString("O", CultureInfo.InvariantCulture)}"), ct);

    private static void Add(SortedDictionary<Guid, DateTimeOffset> known, Guid customer, DateTimeOffset at)
    {
        if (!known.TryGetValue(customer, out var earlier) || at < earlier)
            known[customer] = at;
    }

    /// <summary>The keys that the customers service destroyed. An empty list when there is no such database (any more).</summary>
    private async Task<IReadOnlyList<(Guid, DateTimeOffset)>> FromDatabase(CancellationToken ct)
    {
        await using var db = PgTools.Open(instance, Part.Named("customers"));
        try
        {
            await using var command = db.CreateCommand("select subject, destroyed_at from public.data_keys where destroyed_at is not null");
            await using var rows = await command.ExecuteReaderAsync(ct);
            var list = new List<(Guid, DateTimeOffset)>();
            while (await rows.ReadAsync(ct))
                list.Add((rows.GetGuid(0), rows.GetFieldValue<DateTimeOffset>(1)));
            return list;
        }
        catch (PostgresException none) when (none.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
    }
}
