namespace CrmPlatform.Customers.Quality;

/// <summary>Scores of many customers added up.</summary>
public sealed class QualitySummary(QualityRules rules, DateTimeOffset now)
{
    readonly Dictionary<QualityBand, long> bands = Enum.GetValues<QualityBand>().ToDictionary(b => b, _ => 0L);
    readonly Dictionary<(string Rule, FindingStatus Status), long> findings = [];
    readonly Dictionary<string, Sums> sources = new(StringComparer.Ordinal);

    sealed class Sums
    {
        public long Customers;
        public long Verified;
        public double Completeness;
        public double Validity;
        public double Score;
    }

    /// <summary>Customers by band.</summary>
    /// <param name="Band"><c>good</c> from 80, <c>fair</c> from 60, <c>poor</c> below.</param>
    /// <param name="Customers">How many.</param>
    public sealed record InBand(QualityBand Band, long Customers);

    /// <summary>Findings of a rule.</summary>
    /// <param name="Rule">The rule.</param>
    /// <param name="Open">How many customers break it.</param>
    /// <param name="Waived">Of how many it need not be mended.</param>
    public sealed record OfRule(string Rule, long Open, long Waived);

    /// <summary>Customers whom a system registered.</summary>
    /// <param name="Source">The system; null for those of whom it is not known.</param>
    /// <param name="Customers">How many.</param>
    /// <param name="Score">Their mean score, 0 to 100.</param>
    /// <param name="Completeness">Their mean completeness, 0 to 1.</param>
    /// <param name="Validity">Their mean validity, 0 to 1.</param>
    /// <param name="Verified">The share of them of whom a contact was ever verified, 0 to 1.</param>
    /// <param name="Duplicates">How many of them may be the same as somebody else and wait for a decision.</param>
    public sealed record OfSource(
        string? Source,
        long Customers,
        double Score,
        double Completeness,
        double Validity,
        double Verified,
        long Duplicates
    );

    public long Customers => bands.Values.Sum();

    public void Add(Assessment customer, long times)
    {
        var lines = QualityScore.Lines(customer, rules, now).ToList();
        var score = QualityScore.Of(lines);
        bands[score.Band] += times;
        foreach (var (rule, status) in lines.Where(l => l.Status is not null).Select(l => (l.Rule, l.Status!.Value)).Distinct())
            findings[(rule, status)] = findings.GetValueOrDefault((rule, status)) + times;
        if (!sources.TryGetValue(customer.Source ?? "", out var source))
            sources[customer.Source ?? ""] = source = new();
        source.Customers += times;
        source.Verified += customer.Contacts.Any(c => c is not null) ? times : 0;
        source.Completeness += times * score.Completeness;
        source.Validity += times * score.Validity;
        source.Score += times * score.Score;
    }

    public IReadOnlyList<InBand> Bands => [.. bands.OrderByDescending(b => b.Key).Select(b => new InBand(b.Key, b.Value))];

    /// <summary>Of each rule, in the rules' order.</summary>
    public IReadOnlyList<OfRule> Findings =>
        [
            .. rules.Rules.Select(r => new OfRule(
                r.Id,
                findings.GetValueOrDefault((r.Id, FindingStatus.Open)),
                findings.GetValueOrDefault((r.Id, FindingStatus.Waived))
            )),
        ];

    /// <param name="duplicates">How many customers of each source wait for a decision.</param>
    public IReadOnlyList<OfSource> Sources(IReadOnlyDictionary<string, long> duplicates) =>
        [
            .. sources
                .OrderByDescending(s => s.Value.Customers)
                .ThenBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => new OfSource(
                    Source: s.Key.Length == 0 ? null : s.Key,
                    Customers: s.Value.Customers,
                    Score: Math.Round(s.Value.Score / s.Value.Customers, 1),
                    Completeness: Math.Round(s.Value.Completeness / s.Value.Customers, 4),
                    Validity: Math.Round(s.Value.Validity / s.Value.Customers, 4),
                    Verified: Math.Round((double)s.Value.Verified / s.Value.Customers, 4),
                    Duplicates: duplicates.GetValueOrDefault(s.Key)
                )),
        ];

    /// <summary>What the rules make of all customers at an instant.</summary>
    public static async Task<QualitySummary[]> Of(
        NpgsqlDataSource db,
        DateTimeOffset now,
        CancellationToken ct,
        params QualityRules[] rules
    )
    {
        QualitySummary[] summaries = [.. rules.Select(r => new QualitySummary(r, now))];
        await using var connection = await db.OpenConnectionAsync(ct);
        await foreach (var (customer, times) in QualityRows.Counted(connection, ct))
        foreach (var summary in summaries)
            summary.Add(customer, times);
        return summaries;
    }
}
