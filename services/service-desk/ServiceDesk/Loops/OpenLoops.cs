using CrmPlatform.ServiceDesk.Surveys;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Loops;

/// <summary>
/// Opens a loop for each answer that says that a customer was let down, once: a csat of 1 or 2, an nps of 6 or less, a ces of
/// 3 or less, or a proposal that was rejected.
/// History that is told late opens none.
/// </summary>
public sealed class OpenLoops(IServiceProvider services, DeskRules rules, TimeProvider clock) : ISubscription
{
    /// <summary>The worst scores of each metric.</summary>
    static readonly Dictionary<string, int> worst = new()
    {
        ["csat"] = 2,
        ["nps"] = 6,
        ["ces"] = 3,
    };

    static readonly TimeSpan late = TimeSpan.FromDays(14);

    public string Name => "open-loops";

    public IReadOnlySet<Type> Handles { get; } =
        new HashSet<Type> { typeof(SatisfactionAnswered), typeof(SurveyFinished), typeof(AnswerRevised), typeof(ProposalAnswered) };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        // The store is made with its subscriptions: it is there when the first page comes, not before.
        var store = services.GetRequiredService<EventStore>();
        var writes = new List<Write>();
        foreach (var e in page)
        {
            var opened = e.Data switch
            {
                SatisfactionAnswered a when IsBad("csat", a.Score, a.Replaces) => Because(
                    "csat",
                    a.CustomerId,
                    a.Score,
                    e.StreamId,
                    a.OccurredAt
                ),
                IAnswered { TicketTells: false } a when IsBad(a.Metric, a.Score, a.Replaces) => Because(
                    a.Metric,
                    a.CustomerId,
                    a.Score,
                    a.TicketId,
                    a.OccurredAt
                ),
                ProposalAnswered { Answer: ProposalAnswered.Rejected } p => Because(
                    "proposal-rejected",
                    p.CustomerId,
                    null,
                    e.StreamId,
                    p.OccurredAt
                ),
                _ => null,
            };
            if (opened is null || clock.GetUtcNow() - opened.OccurredAt > late)
                continue;
            var owner = opened.TicketId is { } about ? (await store.Read(Ticket.Of(about), ct)).State.Agent : null;
            writes.Add(Write.To(Loop.Of(Loop.IdOf(e.Id)), loop => loop.Opened is null ? [opened with { Owner = owner }] : []));
        }
        if (writes.Count > 0)
            await store.Execute(writes, ct: ct);
    }

    /// <summary>One that replaces another bad one is followed already.</summary>
    static bool IsBad(string metric, int? score, int? replaces) =>
        score <= worst.GetValueOrDefault(metric, -1) && !(replaces <= worst.GetValueOrDefault(metric, -1));

    LoopOpened Because(string reason, Guid customerId, int? score, Guid? ticketId, DateTimeOffset at) =>
        new(customerId, reason, score, ticketId, Owner: null, rules.LoopDueAt(at), at);
}
