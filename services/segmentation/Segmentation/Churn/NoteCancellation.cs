using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>The customer said that they leave: an episode opens at this instant, unless one is open.</summary>
public static class NoteCancellation
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "churn/{customerId:guid}/cancelled",
                "Note that a customer said they leave",
                "segmentation.churn.write",
                async (Guid customerId, NpgsqlDataSource db, Request request, EventStore store, CancellationToken ct) =>
                {
                    var id = (await CustomerGroups.Of(db, customerId, ct)).SurvivorId;
                    request.Concerns(id);
                    return request.Done(
                        await store.Write(
                            request,
                            CustomerChurn.Of(id),
                            CustomerValue.Of(id),
                            (churn, customer) => churn.Append(Decide(id, churn.State, customer.State, request.Now))
                        )
                    );
                }
            )
            .Refuses("nothing-bought");

    /// <exception cref="RuleViolationException"><c>nothing-bought</c>.</exception>
    public static IChurnEvent[] Decide(Guid id, CustomerChurn churn, CustomerValue customer, DateTimeOffset now) =>
        customer.Stage is null || customer.Forgotten ? throw new NotFoundException("customer", id)
        : customer.Stage == LifecycleStage.Prospect
            ? throw new RuleViolationException("nothing-bought", "Nobody leaves who has bought nothing, or nothing that was kept.")
        : churn.Latest()?.State == EpisodeState.Open ? []
        : [new CancellationNoted(id, now)];
}
