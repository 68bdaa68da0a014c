using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Loops;

/// <summary>Somebody takes a loop, or is given it.</summary>
/// <param name="Owner">The subject of their token; left out: the caller.</param>
public sealed record AssignLoop([property: Agent] string? Owner = null)
{
    public ILoopEvent[] Decide(Guid id, Loop loop, string caller, DateTimeOffset now)
    {
        loop.Workable(id);
        var owner = Owner ?? caller;
        return loop.Owner == owner ? [] : [new LoopAssigned(owner, loop.Moment(null, now))];
    }
}

/// <summary>Somebody spoke with the customer, or wrote to them.</summary>
/// <param name="Channel">How, as a code: <c>phone</c>.</param>
/// <param name="OccurredAt">When: now if left out; not before the loop's last event, not in the future.</param>
public sealed record ContactCustomer([property: Required, Code] string Channel, DateTimeOffset? OccurredAt = null)
{
    public ILoopEvent[] Decide(Guid id, Loop loop, DeskRules rules, string caller, DateTimeOffset now)
    {
        var (opened, at) = (loop.Workable(id), loop.Moment(OccurredAt, now));
        return loop.Contacted
            ? []
            : [new LoopContacted(Channel, caller, rules.At(at).EverybodysCalendar.Between(opened.OccurredAt, at), at)];
    }
}

/// <summary>The matter is settled with the customer, or cannot be.</summary>
/// <param name="Outcome"><c>solved</c>, <c>explained</c> and <c>compensated</c> once the customer was spoken with; <c>no-answer</c> or
/// <c>not-wanted</c> without.</param>
/// <param name="OccurredAt">When: now if left out; not before the loop's last event, not in the future.</param>
public sealed record CloseLoop(
    [property: Required, OneOf("solved", "explained", "compensated", "no-answer", "not-wanted")] string Outcome,
    DateTimeOffset? OccurredAt = null
)
{
    public ILoopEvent[] Decide(Guid id, Loop loop, DeskRules rules, string caller, DateTimeOffset now)
    {
        var (opened, at) = (loop.Workable(id), loop.Moment(OccurredAt, now));
        if (!loop.Contacted && Outcome is "solved" or "explained" or "compensated")
            throw new RuleViolationException("not-contacted", "Nobody has spoken with the customer yet.", "outcome");
        var used = rules.At(at).EverybodysCalendar.Between(opened.OccurredAt, at);
        return [new LoopClosed(opened.CustomerId, Outcome, caller, used, at)];
    }
}

/// <summary>What is done about a loop.</summary>
static class WorkLoop
{
    public static void Map(CrmService room)
    {
        room.MapPost(
                "loops/{id:guid}/assign",
                "Take a loop, or give it to somebody",
                "service-desk.write",
                (Guid id, AssignLoop command, Request request, EventStore store) =>
                    Write(store, request, id, loop => command.Decide(id, loop, request.Actor, request.Now))
            )
            .WithName("AssignLoop")
            .Refuses("loop-closed");
        room.MapPost(
                "loops/{id:guid}/contact",
                "Say that somebody spoke with the customer",
                "service-desk.write",
                (Guid id, ContactCustomer command, Request request, EventStore store, DeskRules rules) =>
                    Write(store, request, id, loop => command.Decide(id, loop, rules, request.Actor, request.Now))
            )
            .WithName("ContactCustomer")
            .Refuses(Desk.Moments)
            .Refuses("loop-closed");
        room.MapPost(
                "loops/{id:guid}/close",
                "Close a loop with its outcome",
                "service-desk.write",
                (Guid id, CloseLoop command, Request request, EventStore store, DeskRules rules) =>
                    Write(store, request, id, loop => command.Decide(id, loop, rules, request.Actor, request.Now))
            )
            .WithName("CloseLoop")
            .Refuses(Desk.Moments)
            .Refuses("loop-closed", "not-contacted");
    }

    static async Task<IResult> Write(EventStore store, Request request, Guid id, Func<Loop, ILoopEvent[]> decide) =>
        request.Done(
            await store.Write(
                request,
                Loop.Of(id),
                loop => decide(loop) is [var first, ..] facts ? [.. loop.DueBefore(first.OccurredAt), .. facts] : []
            )
        );
}
