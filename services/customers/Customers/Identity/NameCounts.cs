namespace CrmPlatform.Customers.Identity;

/// <summary>
/// How many customers there are, and how many have each name that three or more have: counted at start and every hour, and kept in memory
/// by HMAC.
/// </summary>
public sealed class NameCounts(NpgsqlDataSource db, PersonalIndex index, TimeProvider clock) : IPeriodic
{
    const int FewestOfName = 3;
    Counted counted = new(default, 0, []);
    long since;

    public string Name => "name-counts";
    public TimeSpan Every => TimeSpan.FromHours(1);
    public FirstRun First => FirstRun.BeforeRequests;

    /// <summary>When names were counted last.</summary>
    public DateTimeOffset At => counted.At;

    /// <summary>Customers at the last count and those that were noted since.</summary>
    public long Customers => counted.Customers + Interlocked.Read(ref since);

    /// <summary>
    /// The share of customers who have this name. Where fewer than three have it: at most 3/N, the upper end of a 95 % interval for what
    /// was not seen among N (Hanley and Lippman-Hand, JAMA 249, 1983), and at most the share of its surname where the table has that.
    /// </summary>
    public double ShareOf(MatchName name) =>
        counted.Names.TryGetValue(BlockingKeys.Counted(name).Hash(index), out var customers)
            ? (double)customers / counted.Customers
            : Math.Min((double)FewestOfName / Math.Max(FewestOfName, counted.Customers), ShareOfSurname(name));

    static double ShareOfSurname(MatchName name) => name.Surname is { } surname && Surnames.Share(surname) is { } share ? share : 1;

    /// <summary>Counts customers who came, and counts all again when they have doubled: what is rare among few is common among many.
    /// </summary>
    public async Task Note(int registered, CancellationToken ct)
    {
        if (Interlocked.Add(ref since, registered) > counted.Customers + 100)
            await Run(ct);
    }

    public async Task Run(CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        Interlocked.Exchange(ref since, 0);
        var names = await db.Query<(long Name, long Customers)>(
            "select name, count(*) from match_profiles where name is not null group by name having count(*) >= @fewest",
            new { fewest = (long)FewestOfName },
            ct
        );
        var customers = await db.QuerySingle<long>("select count(*) from match_profiles", null, ct);
        counted = new(at, customers, names.ToDictionary(n => n.Name, n => n.Customers));
    }

    sealed record Counted(DateTimeOffset At, long Customers, Dictionary<long, long> Names);
}
