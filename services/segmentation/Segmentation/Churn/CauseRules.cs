namespace CrmPlatform.Segmentation.Churn;

/// <summary>Something that may have driven a customer away.</summary>
/// <param name="EventId">The event that says so.</param>
/// <param name="Kind">What it is: <c>sla-breach</c>.</param>
/// <param name="Cause">What it points at: <c>service</c>.</param>
/// <param name="Weight">Its weight on the day on which silence began.</param>
public sealed record Signal(Guid EventId, string Kind, string Cause, DateTimeOffset At, double Weight);

/// <summary>A signal that counted.</summary>
/// <param name="EventId">Id of the event that says so.</param>
/// <param name="Kind">What it is: <c>sla-breach</c>, <c>low-csat</c>, <c>complaint-unsolved</c>, <c>ticket-reopened</c> or
/// <c>consent-withdrawn</c>.</param>
/// <param name="Cause">The cause that it points at.</param>
/// <param name="At">When it happened.</param>
/// <param name="Weight">What it weighs: half as much for each 45 days before the silence.</param>
public sealed record Evidence(Guid EventId, string Kind, string Cause, DateTimeOffset At, double Weight);

/// <summary>How much of the evidence points at a cause.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Share">Its share, with four decimals.</param>
public sealed record CauseShare(string Cause, double Share);

/// <summary>What the evidence comes to.</summary>
public sealed record Finding(string Cause, IReadOnlyList<CauseShare> Shares, IReadOnlyList<Evidence> Evidence);

/// <summary>
/// Causes of churn from evidence: each signal of the 120 days before silence began weighs w · 2^(−age / 45 d). With s_c the sum for a
/// cause, its share is s_c / (Σs + 1), and that of the unknown has the 1 besides. The greatest is the cause if it is at least 0.4.
/// </summary>
public static class CauseRules
{
    public const string Service = "service",
        Unknown = "unknown";

    public static readonly TimeSpan Window = TimeSpan.FromDays(120);

    const double HalfLifeDays = 45,
        Prior = 1,
        Enough = 0.4;

    public static Finding Find(IEnumerable<Signal> signals, DateTimeOffset silence)
    {
        List<Evidence> evidence =
        [
            .. signals
                .Where(s => s.At <= silence && s.At >= silence - Window)
                .OrderBy(s => s.At)
                .ThenBy(s => s.EventId)
                .Select(s => new Evidence(s.EventId, s.Kind, s.Cause, s.At, Aged(s, silence))),
        ];
        var all = evidence.Sum(e => e.Weight) + Prior;
        List<CauseShare> shares =
        [
            .. evidence
                .Select(e => (e.Cause, e.Weight))
                .Append((Cause: Unknown, Weight: Prior))
                .GroupBy(e => e.Cause)
                .Select(c => new CauseShare(c.Key, Math.Round(c.Sum(e => e.Weight) / all, 4)))
                .OrderByDescending(c => c.Share)
                .ThenBy(c => c.Cause, StringComparer.Ordinal),
        ];
        return new(
            shares[0].Share >= Enough ? shares[0].Cause : Unknown,
            shares,
            [.. evidence.Select(e => e with { Weight = Math.Round(e.Weight, 4) })]
        );
    }

    static double Aged(Signal s, DateTimeOffset silence) => s.Weight * Math.Pow(2, -(silence - s.At).TotalDays / HalfLifeDays);
}
