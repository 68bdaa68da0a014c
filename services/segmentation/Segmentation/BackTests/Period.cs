using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>What a customer had bought by the cut, and what they bought in the period after it.</summary>
/// <param name="Now">Null for who had no net order by the cut, in the definition's window.</param>
/// <param name="Next">Null for who made no net order in the period.</param>
public readonly record struct Bought(Guid CustomerId, Metrics? Now, Metrics? Next);

/// <summary>The cut, the end of the day at which customers are graded, and the period of whole business days after it.</summary>
public sealed record Period(RunDefinition By, DateOnly Cut, int Days, Business Business)
{
    public DateOnly End => Cut.AddDays(Days);

    public Measuring AtCut => new(By, Cut, Scoring.Decision, Business);

    public Measuring AtEnd => new(By, End, Scoring.Decision, Business);

    Measuring After => new(By with { WindowDays = Days }, End, Scoring.Decision, Business);

    /// <summary>Everybody, in the order of their ids.</summary>
    public async Task<List<Bought>> ReadAll(NpgsqlTransaction snapshot, long through, CancellationToken ct) =>
        Join(await AtCut.ReadAll(snapshot, through, ct), await After.ReadAll(snapshot, through, ct));

    /// <summary>The next of them, at least one where there are any.</summary>
    /// <param name="limit">At most twice so many.</param>
    /// <returns>And after whom the others come; null where these were the last.</returns>
    public async Task<(List<Bought> Page, Guid? Next)> Read(
        NpgsqlConnection connection,
        long through,
        Guid? after,
        int limit,
        CancellationToken ct
    )
    {
        var now = await AtCut.Read(connection, through, ct, after: after, limit: limit);
        var next = await After.Read(connection, through, ct, after: after, limit: limit);
        // Both are known up to where the shorter of two full pages ends.
        Guid[] ends = [.. new[] { now, next }.Where(page => page.Count == limit).Select(page => page[^1].Member.CustomerId)];
        var all = Join(now, next);
        return ends.Length == 0 ? (all, null) : (all.FindAll(b => b.CustomerId <= ends.Min()), ends.Min());
    }

    static List<Bought> Join(List<(Customers.Member Member, Metrics Metrics)> now, List<(Customers.Member Member, Metrics Metrics)> next)
    {
        var later = next.ToDictionary(m => m.Member.CustomerId, m => m.Metrics);
        List<Bought> all =
        [
            .. now.Select(m => new Bought(
                m.Member.CustomerId,
                m.Metrics,
                later.Remove(m.Member.CustomerId, out var bought) ? bought : null
            )),
        ];
        all.AddRange(later.Select(l => new Bought(l.Key, null, l.Value)));
        all.Sort((a, b) => a.CustomerId.CompareTo(b.CustomerId));
        return all;
    }
}
