using System.Text.Json.Serialization;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>A promise that is otherwise by the corrected calendar.</summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Clock"><c>acknowledgement</c>, <c>first-response</c>, <c>next-update</c> or <c>resolution</c>.</param>
/// <param name="Number">Which of the promises with this clock; of the resolution, which solution.</param>
/// <param name="Outcome"><c>excused</c>: it was recorded as broken and was kept. <c>open</c>: it was recorded as broken and can still be
/// kept; correct again once it is. <c>would-be-missed</c>: it was kept, and is no breach now either.</param>
/// <param name="BreachedAt">The instant of the breach that was recorded; null of one that would be missed.</param>
/// <param name="DueAt">When it was due by the corrected calendar.</param>
/// <param name="MetAt">When it was kept; null while it is open.</param>
public sealed record CorrectedPromise(
    Guid TicketId,
    [property: OneOf("acknowledgement", "first-response", "next-update", "resolution")] string Clock,
    int Number,
    [property: OneOf("excused", "open", "would-be-missed")] string Outcome,
    DateTimeOffset? BreachedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? MetAt
)
{
    [JsonIgnore]
    public bool IsExcused => Outcome == "excused";

    [JsonIgnore]
    public TimeSpan Used { get; private init; }

    /// <summary>
    /// The promises whose judgement the corrections change. What the published calendars do not explain, as after a change of the settings,
    /// is left as it was judged.
    /// </summary>
    internal static IEnumerable<CorrectedPromise> Of(Guid id, TicketPast past, PastCalendars calendars, DateTimeOffset now) =>
        Of(id, past, calendars, now, PromiseHistory.Judge(past, calendars.Published, excuses: true, now));

    static IEnumerable<CorrectedPromise> Of(
        Guid id,
        TicketPast past,
        PastCalendars calendars,
        DateTimeOffset now,
        Dictionary<(string Clock, int Number), PastPromise> judged
    ) =>
        from promise in PromiseHistory.Judge(past, calendars.Corrected, excuses: false, now)
        let was = judged[promise.Key]
        let outcome = (was.BreachedAt, promise.Value) switch
        {
            ({ }, { MetAt: { }, Broken: false }) when was.Broken => "excused",
            ({ }, { MetAt: null, Broken: false }) when was.Broken => "open",
            (null, { MetAt: { }, Broken: true }) when !was.Broken => "would-be-missed",
            _ => null,
        }
        where outcome is not null
        select new CorrectedPromise(
            TicketId: id,
            Clock: promise.Key.Clock,
            Number: promise.Key.Number,
            Outcome: outcome,
            BreachedAt: was.BreachedAt,
            DueAt: promise.Value.DueAt,
            MetAt: promise.Value.MetAt
        )
        {
            Used = promise.Value.Used,
        };

    /// <summary>Once for each breach: what is excused already is not broken any more.</summary>
    internal static ITicketEvent[] Excuse(Guid id, TicketPast past, PastCalendars calendars, int rules, string by, DateTimeOffset at)
    {
        var judged = PromiseHistory.Judge(past, calendars.Published, excuses: true, at);
        var excused = Of(id, past, calendars, at, judged).Where(p => p.IsExcused).ToList();
        var standing = judged.Where(p => p.Value.BreachedAt is not null).Select(p => p.Key).ToList();
        return
        [
            .. excused.Select(
                (p, i) =>
                    new BreachExcused(
                        CustomerId: past.CustomerId,
                        Clock: p.Clock,
                        Number: p.Number,
                        BreachedAt: p.BreachedAt!.Value,
                        DueAt: p.DueAt,
                        Used: p.Used,
                        Last: !standing.Except(excused.Take(i + 1).Select(e => (e.Clock, e.Number))).Any(s => s.Clock == p.Clock),
                        Rules: rules,
                        By: by,
                        OccurredAt: at
                    )
            ),
        ];
    }
}
