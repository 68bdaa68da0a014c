namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>The action was carried out. Whether the cause came back is seen after as many days as the settings say.</summary>
/// <param name="OccurredAt">When it was done: now if left out; not before it was set, not in the future.</param>
public sealed record FinishAction(DateTimeOffset? OccurredAt = null)
{
    public IActionEvent[] Decide(Guid id, CorrectiveAction action, DeskRules rules, string caller, DateTimeOffset now)
    {
        var at = Clocks.Told(OccurredAt, now);
        return action switch
        {
            { SetAt: null } => throw new NotFoundException("corrective-action", id),
            { CheckAt: not null } => [],
            { SetAt: { } set } when at < set => throw new RuleViolationException(
                "before-last-event",
                $"occurredAt is before the action was set, {set:O}.",
                "occurredAt"
            ),
            _ => [new ActionDone(caller, at + rules.RecurrenceWindow, at)],
        };
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "corrective-actions/{id:guid}/finish",
                "Say that a corrective action was carried out",
                "service-desk.complaints.write",
                async (Guid id, FinishAction command, Request request, EventStore store, DeskRules rules) =>
                    request.Done(
                        await store.Write(
                            request,
                            CorrectiveAction.Of(id),
                            action => command.Decide(id, action, rules, request.Actor, request.Now)
                        )
                    )
            )
            .Refuses("in-the-future", "before-last-event");
}
