using System.Runtime.InteropServices;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>Promises of one clock, counted: single rows and days that are added up alike.</summary>
sealed class PromiseCount
{
    readonly Dictionary<int, long> minutes = [];
    long met,
        missed;

    public long Count { get; private set; }

    /// <summary>Those that were kept, in time or late.</summary>
    public long Kept { get; private set; }

    /// <summary>Of the kept ones the first of each ticket, if the ticket never went from one agent to another.</summary>
    public long Untouched { get; private set; }

    /// <summary>Solutions after a reopening.</summary>
    public long Reopened { get; private set; }

    /// <summary>Those of them that were kept.</summary>
    public long ReopenedKept { get; private set; }

    public PromiseFigures Figures => new(met, missed, Share(met, met + missed), Rank(.5m), Rank(.9m));

    public void Add(PromiseRow row)
    {
        Count += row.Count;
        Untouched += row.Untouched;
        Reopened += row.Reopened;
        if (row.Missed)
            missed += row.Count;
        if (!row.Kept)
            return;
        Kept += row.Count;
        ReopenedKept += row.Reopened;
        if (!row.Missed)
            met += row.Count;
        if (row.Minutes is { } took)
            Took(took) += row.Count;
    }

    public void Add(PromiseDay day)
    {
        Count += day.Count;
        Kept += day.Kept;
        Untouched += day.Untouched;
        Reopened += day.Reopened;
        ReopenedKept += day.ReopenedKept;
        met += day.Met;
        missed += day.Missed;
        foreach (var took in day.Minutes)
            Took(took)++;
    }

    /// <returns>Null of nothing.</returns>
    public static decimal? Share(long part, long whole) => whole == 0 ? null : Math.Round((decimal)part / whole, 4);

    ref long Took(int took) => ref CollectionsMarshal.GetValueRefOrAddDefault(minutes, took, out _);

    // Nearest rank: the first value below which, or at which, this share of all lies.
    int? Rank(decimal share)
    {
        var (rank, below) = (Math.Ceiling(share * minutes.Values.Sum()), 0L);
        foreach (var (took, count) in minutes.OrderBy(m => m.Key))
            if ((below += count) >= rank)
                return took;
        return null;
    }
}

/// <summary>Promises that are alike in all of this.</summary>
sealed record PromiseRow(string Clock, bool Kept, bool Missed, int? Minutes, long Count, long Untouched, long Reopened);

/// <summary>Promises of one clock about the tickets of a day.</summary>
sealed class PromiseDay
{
    public string Clock { get; init; } = "";
    public long Count { get; init; }
    public long Met { get; init; }
    public long Missed { get; init; }
    public long Kept { get; init; }
    public long Untouched { get; init; }
    public long Reopened { get; init; }
    public long ReopenedKept { get; init; }
    public int[] Minutes { get; init; } = [];
}
