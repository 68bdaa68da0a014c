namespace CrmPlatform.Customers.Quality;

/// <summary>What publishing rules would do to scores and findings now. Nothing is recorded.</summary>
public static class PreviewRules
{
    /// <summary>What becomes of scores and findings.</summary>
    /// <param name="At">The instant for which it is computed.</param>
    /// <param name="Version">The version of the rules that hold: send it in If-Match when you publish.</param>
    /// <param name="Customers">How many customers are looked at.</param>
    /// <param name="Before">With the rules that hold.</param>
    /// <param name="After">With the rules that are asked about.</param>
    public sealed record Preview(DateTimeOffset At, long Version, long Customers, Side Before, Side After);

    /// <summary>What rules make of all customers.</summary>
    /// <param name="Bands">How many customers are in each band.</param>
    /// <param name="Findings">How many findings each rule makes.</param>
    public sealed record Side(IReadOnlyList<QualitySummary.InBand> Bands, IReadOnlyList<QualitySummary.OfRule> Findings);

    public static void Map(CrmService room) =>
        room.MapPost(
                "quality/rules/preview",
                "What publishing rules of data quality would do",
                "customers.quality.rules",
                async (PublishRules asked, EventStore store, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
                {
                    var (rules, version) = await store.Read(QualityRules.Stream, ct);
                    var (at, then) = (clock.GetUtcNow(), new QualityRules(rules.Version + 1, asked.Valid()));
                    var summaries = await QualitySummary.Of(db, at, ct, rules, then);
                    return new Preview(at, version, summaries[0].Customers, Shown(summaries[0]), Shown(summaries[1]));
                }
            )
            .AtOnce(2)
            .Produces<Preview>()
            .Refuses("rule-unknown", "rule-twice", "rule-incomplete");

    static Side Shown(QualitySummary summary) => new(summary.Bands, summary.Findings);
}
