namespace CrmPlatform.Customers.Quality;

/// <summary>How good what is known of all customers is.</summary>
/// <param name="At">The instant for which it is computed.</param>
/// <param name="Rules">The version of the rules.</param>
/// <param name="Customers">How many customers there are.</param>
/// <param name="Bands">How many customers are in each band.</param>
/// <param name="Findings">How many findings each rule makes.</param>
/// <param name="Sources">The same by the system that registered the customers, the one with most first.</param>
public sealed record GetQualitySummary(
    DateTimeOffset At,
    int Rules,
    long Customers,
    IReadOnlyList<QualitySummary.InBand> Bands,
    IReadOnlyList<QualitySummary.OfRule> Findings,
    IReadOnlyList<QualitySummary.OfSource> Sources
)
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "quality/summary",
                "How good what is known of all customers is",
                "customers.quality.read",
                async (NpgsqlDataSource db, KnownRules known, TimeProvider clock, CancellationToken ct) =>
                {
                    var (rules, now) = (await known.Now(ct), clock.GetUtcNow());
                    var summary = (await QualitySummary.Of(db, now, ct, rules))[0];
                    var duplicates = await db.Query<(string Source, long Customers)>(
                        """
                        select coalesce(q.source, ''), count(*) from customer_quality q where q.customer_id in (
                            select first from match_candidates where status = 'Open'
                            union select second from match_candidates where status = 'Open')
                        group by 1
                        """,
                        null,
                        ct
                    );
                    return new GetQualitySummary(
                        At: now,
                        Rules: rules.Version,
                        Customers: summary.Customers,
                        Bands: summary.Bands,
                        Findings: summary.Findings,
                        Sources: summary.Sources(duplicates.ToDictionary(d => d.Source, d => d.Customers))
                    );
                }
            )
            .AtOnce(2)
            .Produces<GetQualitySummary>();
}
