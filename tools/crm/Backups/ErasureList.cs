using System.Globalization;
using Npgsql;

namespace CrmPlatform.Crm;

/// <summary>Who was forgotten, and when: ids only.</summary>
/// <param name="AsOf">Whoever was forgotten after this instant may be missing.</param>
public sealed record Erasures(DateTimeOffset AsOf, IReadOnlyDictionary<Guid, DateTimeOffset> People)
{
    const string Head = "# as of ";

    public static readonly Erasures None = new(DateTimeOffset.MinValue, new Dictionary<Guid, DateTimeOffset>());

    /// <exception cref="CrmException">It is no list of erasures.</exception>
    public static Erasures Read(string file)
    {
        var people = new SortedDictionary<Guid, DateTimeOffset>();
        DateTimeOffset? asOf = null;
        try
        {
            foreach (var line in File.ReadLines(file))
                if (line.StartsWith(Head, StringComparison.Ordinal))
                    asOf = Instant(line[Head.Length..]);
                else if (line.Split(',') is [var id, var at])
                    people[Guid.Parse(id)] = Instant(at);
        }
        catch (FormatException)
        {
            throw new CrmException($"{file} is no list of erasures; expected are lines like those of ./crm erasures export");
        }
        // A list of an earlier version does not say it: it is as new as the last erasure in it.
        return new(asOf ?? people.Values.DefaultIfEmpty(DateTimeOffset.MinValue).Max(), people);

        static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllLines(file + ".new", People.OrderBy(p => p.Key).Select(p => $"{p.Key},{p.Value:O}").Prepend($"{Head}{AsOf:O}"));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Both: whoever was forgotten by either is, from the earlier instant on.</summary>
    public Erasures With(Erasures other) =>
        new(
            AsOf > other.AsOf ? AsOf : other.AsOf,
            People.Concat(other.People).GroupBy(p => p.Key).ToDictionary(p => p.Key, p => p.Min(person => person.Value))
        );
}

/// <summary>
/// The list that lives beside the databases and outlives them, because a backup may be older than an erasure, and a restored key would
/// bring a forgotten person back. The customers service keeps it up to date, and so does every command that asks for it.
/// </summary>
public sealed class ErasureList(Instance instance)
{
    public string Kept => instance.PathOf("erasures");

    /// <summary>Joins what is kept, what others say, and what the customers database knows, and keeps that.</summary>
    public async Task<Erasures> Refresh(CancellationToken ct, params Erasures[] others)
    {
        var kept = File.Exists(Kept) ? Erasures.Read(Kept) : Erasures.None;
        var known = others.Append(await FromDatabase(ct)).Aggregate(kept, (list, other) => list.With(other));
        known.Write(Kept);
        return known;
    }

    /// <summary>The keys that the customers service destroyed. None when there is no such database (any more).</summary>
    private async Task<Erasures> FromDatabase(CancellationToken ct)
    {
        await using var db = PgTools.Open(instance, Part.Named("customers"));
        var asOf = TimeProvider.System.GetUtcNow();
        try
        {
            await using var command = db.CreateCommand("select subject, destroyed_at from public.data_keys where destroyed_at is not null");
            await using var rows = await command.ExecuteReaderAsync(ct);
            var people = new Dictionary<Guid, DateTimeOffset>();
            while (await rows.ReadAsync(ct))
                people[rows.GetGuid(0)] = rows.GetFieldValue<DateTimeOffset>(1);
            return new(asOf, people);
        }
        catch (PostgresException none) when (none.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable)
        {
            return Erasures.None;
        }
    }
}
