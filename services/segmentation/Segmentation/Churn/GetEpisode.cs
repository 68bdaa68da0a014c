using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>Something that this room knows of a customer who left.</summary>
/// <param name="At">When it happened.</param>
/// <param name="What"><c>purchase</c>, <c>return</c>, <c>ticket</c>, <c>ticket-solved</c>, <c>ticket-reopened</c>, <c>sla-breach</c>,
/// <c>survey</c>, <c>consent</c>, <c>page-view</c>, <c>interaction</c>, <c>tier</c>, <c>points-redeemed</c>, <c>coupon-used</c>,
/// <c>activity-attended</c>, <c>stage</c>, <c>risk</c>, <c>cancelled</c> or <c>offer</c>.</param>
/// <param name="Detail">A code or a number: the kind of a ticket, <c>csat 1</c>, the stage, the band, the offer.</param>
/// <param name="Good">Something that went well: a purchase, a good survey (4 or 5), points, a coupon, an activity.</param>
/// <param name="CustomerId">The customer whom it names: of a group, the member.</param>
/// <param name="SourceEvent">Id of the event that says so.</param>
public sealed record EpisodeMoment(DateTimeOffset At, string What, string? Detail, bool Good, Guid CustomerId, Guid SourceEvent);

/// <summary>How a customer came to leave.</summary>
/// <param name="Episode">The episode, with the shares of its causes.</param>
/// <param name="LastGood">The last thing that went well before it; null where nothing did in the time of the timeline.</param>
/// <param name="Timeline">What this room knows of the 180 days before the declaration, oldest first; the last 500.</param>
public sealed record PostMortem(EpisodeView Episode, EpisodeMoment? LastGood, IReadOnlyList<EpisodeMoment> Timeline);

/// <summary>The post-mortem of an episode.</summary>
public static class GetEpisode
{
    const int Most = 500;
    static readonly TimeSpan window = TimeSpan.FromDays(180);

    public static void Map(CrmService room) =>
        room.MapGet("churn/episodes/{id:guid}", "How a customer came to leave", "segmentation.read", Episode)
            .WithName("GetEpisode")
            .Produces<PostMortem>();

    static async Task<IResult> Episode(Guid id, EventStore store, NpgsqlDataSource db, CancellationToken ct)
    {
        var row = await db.QuerySingleOrDefault<EpisodeRow>(
            $"select {EpisodeRow.Columns} from {EpisodeRow.From} where e.episode_id = @id",
            new { id },
            ct
        );
        if (row is null)
            return Answer.NotFound("episode", id);
        var moments = new List<EpisodeMoment>();
        foreach (var member in (await CustomerGroups.Of(db, row.CustomerId, ct)).Members)
        foreach (var stream in new[] { CustomerValue.Of(member).Id, CustomerChurn.Of(member).Id })
            moments.AddRange((await store.FetchStream(stream, ct: ct)).Select(e => Moment(e, member)).OfType<EpisodeMoment>());
        List<EpisodeMoment> timeline =
        [
            .. moments
                .Where(m => m.At <= row.DeclaredAt && m.At > row.DeclaredAt - window)
                .OrderBy(m => m.At)
                .ThenBy(m => m.SourceEvent)
                .TakeLast(Most),
        ];
        return Results.Ok(new PostMortem(row.Shown, timeline.LastOrDefault(m => m.Good), timeline));
    }

    static EpisodeMoment? Moment(RecordedEvent e, Guid customer)
    {
        return e.Data switch
        {
            PurchaseCounted f => Of(f.PurchasedAt, "purchase", f.Channel, good: true),
            ReturnCounted f => Of(f.ReturnedAt, "return", f.WhollyReturned ? "whole" : "part"),
            TicketNoted f => Of(f.OccurredAt, "ticket", f.Kind),
            TicketSettled f => Of(f.OccurredAt, "ticket-solved"),
            TicketOpenAgain f => Of(f.OccurredAt, "ticket-reopened"),
            BreachNoted f => Of(f.OccurredAt, "sla-breach", f.Clock),
            SurveyNoted f => Of(f.OccurredAt, "survey", $"{f.Metric} {f.Score}", f is { Metric: "csat", Score: >= 4 }),
            ConsentNoted f => Of(f.OccurredAt, "consent", f.Granted ? "given" : "withdrawn"),
            PageViewNoted f => Of(f.OccurredAt, "page-view", f.Category),
            InteractionNoted f => Of(f.OccurredAt, "interaction", f.Topic),
            TierNoted f => Of(f.OccurredAt, "tier", f.Tier),
            RedemptionNoted f => Of(f.OccurredAt, "points-redeemed", null, good: true),
            CouponUseNoted f => Of(f.OccurredAt, "coupon-used", null, good: true),
            AttendanceNoted f => Of(f.OccurredAt, "activity-attended", null, good: true),
            LifecycleStageChanged f => Of(f.OccurredAt, "stage", f.To.ToString()),
            RiskBandChanged f => Of(f.OccurredAt, "risk", f.To.ToString().ToLowerInvariant()),
            CancellationNoted f => Of(f.OccurredAt, "cancelled"),
            WinBackOffered f => Of(f.OccurredAt, "offer", f.Offer),
            _ => null,
        };

        EpisodeMoment Of(DateTimeOffset at, string what, string? detail = null, bool good = false) =>
            new(at, what, detail, good, customer, e.Id);
    }
}
