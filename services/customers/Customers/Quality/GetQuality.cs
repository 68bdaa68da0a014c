namespace CrmPlatform.Customers.Quality;

/// <summary>How good what is known of a customer is, down to each rule and the event since which it is so.</summary>
/// <param name="At">The instant for which it is computed: what was verified ages.</param>
/// <param name="Rules">The version of the rules.</param>
/// <param name="Score">100·(0.4·completeness + 0.3·validity + 0.3·timeliness), rounded to a tenth.</param>
/// <param name="Band"><c>good</c> from 80, <c>fair</c> from 60, <c>poor</c> below.</param>
/// <param name="Completeness">The share, by weight, of the required fields that are filled.</param>
/// <param name="Validity">1 less 0.2 for each broken rule that warns and 0.5 for each that blocks.</param>
/// <param name="Timeliness">The mean of what is left of the time of what was verified; 0 where nothing was.</param>
/// <param name="Lines">What each rule says.</param>
public sealed record GetQuality(
    Guid CustomerId,
    DateTimeOffset At,
    int Rules,
    double Score,
    QualityBand Band,
    double Completeness,
    double Validity,
    double Timeliness,
    IReadOnlyList<QualityLine> Lines,
    long Version
)
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "{id:guid}/quality",
                "How good what is known of a customer is",
                "customers.quality.read",
                async (Guid id, EventStore store, KnownRules known, Business business, TimeProvider clock, CancellationToken ct) =>
                {
                    var events = await store.FetchStream(id, ct: ct);
                    if (Assessment.Of(events, business.Region) is not { } customer)
                        return Answer.NotFound("quality of customer", id);
                    var (rules, now) = (await known.Now(ct), clock.GetUtcNow());
                    var lines = QualityScore.Lines(customer, rules, now).ToList();
                    var score = QualityScore.Of(lines);
                    return Results.Ok(
                        new GetQuality(
                            CustomerId: id,
                            At: now,
                            Rules: rules.Version,
                            Score: score.Score,
                            Band: score.Band,
                            Completeness: Math.Round(score.Completeness, 4),
                            Validity: Math.Round(score.Validity, 4),
                            Timeliness: Math.Round(score.Timeliness, 4),
                            Lines: [.. lines.Select(l => l with { Share = Math.Round(l.Share, 4) })],
                            Version: events[^1].Version
                        )
                    );
                }
            )
            .Produces<GetQuality>();
}
