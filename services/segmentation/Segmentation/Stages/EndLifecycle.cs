using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Stages;

/// <summary>
/// Ends the relation with a customer: silence changes nothing any more; who buys again is won back. Of customers who are one, one ends it
/// for all, as long as they are.
/// </summary>
/// <param name="Reason">Why, as a code of your own: <c>moved-abroad</c>.</param>
public sealed record EndLifecycle([property: Required, Code] string Reason)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "customers/{id:guid}/lifecycle/end",
                "End the relation with a customer",
                "segmentation.lifecycle.write",
                async (
                    Guid id,
                    EndLifecycle command,
                    NpgsqlDataSource db,
                    Yardsticks yardsticks,
                    Request request,
                    EventStore store,
                    CancellationToken ct
                ) =>
                {
                    var mark = new NoteMark(new LifecycleEnded(command.Reason, request.Now), request.Now, LifecycleRules.Ended);
                    var group = await CustomerGroups.Of(db, id, ct);
                    return request.Done(await store.Write(request, Relation.Decide(id, group, mark, yardsticks.Current.Lifecycle)));
                }
            )
            .Refuses("already-ended");
}

/// <summary>Takes back that the relation has ended: the stage is again what orders and silence mean.</summary>
/// <param name="Reason">Why, as a code of your own: <c>ended-by-mistake</c>.</param>
public sealed record ReopenLifecycle([property: Required, Code] string Reason)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "customers/{id:guid}/lifecycle/reopen",
                "Take back that the relation with a customer has ended",
                "segmentation.lifecycle.write",
                async (
                    Guid id,
                    ReopenLifecycle command,
                    NpgsqlDataSource db,
                    Yardsticks yardsticks,
                    Request request,
                    EventStore store,
                    CancellationToken ct
                ) =>
                {
                    var mark = new NoteMark(new LifecycleReopened(command.Reason, request.Now), request.Now, LifecycleRules.Reopened);
                    var group = await CustomerGroups.Of(db, id, ct);
                    return request.Done(await store.Write(request, Relation.Decide(id, group, mark, yardsticks.Current.Lifecycle)));
                }
            )
            .Refuses("not-ended");
}

static class Relation
{
    /// <summary>The fact is the customer's own; whether it can be is a question to the group.</summary>
    /// <exception cref="RuleViolationException"><c>already-ended</c>, <c>not-ended</c>.</exception>
    public static Write Decide(Guid id, CustomerGroup group, NoteMark mark, LifecyclePolicy policy) =>
        Write.To(
            CustomerValue.Of(id),
            [.. group.Members.Where(m => m != id).Select(CustomerValue.Of)],
            (one, all) =>
            {
                if (one.State.Forgotten || (one.State.Stage is null && !one.State.InGroup))
                    throw new NotFoundException("customer", id);
                var survivor = one.State.SurvivorId ?? id;
                var judged = one.State.With(
                    all.Where(o => (o.State.SurvivorId ?? o.Id) == survivor && !o.State.Forgotten).Select(o => o.State)
                );
                var (ends, until) = (mark.Fact is LifecycleEnded, LifecycleRules.After(mark.At));
                if (ends == (judged.Steps(policy).Before(until)?.Stage == LifecycleStage.Ended))
                    throw ends
                        ? new RuleViolationException("already-ended", "The relation with this customer has ended.", "id")
                        : new RuleViolationException("not-ended", "The relation with this customer has not ended.", "id");
                one.Append(mark.Decide(one.State, policy, atOnce: true));
            }
        );
}
