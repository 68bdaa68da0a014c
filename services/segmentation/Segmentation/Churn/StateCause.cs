using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>
/// Why the customer left, as somebody said it, of their latest episode. It beats what was found; the last one said holds.
/// </summary>
/// <param name="Cause"><c>product</c>, <c>service</c>, <c>price</c>, <c>competitor</c>, <c>need-gone</c>, <c>moved</c> or
/// <c>unknown</c>.</param>
/// <param name="By">Who says so: <c>customer</c> or <c>agent</c>.</param>
/// <param name="Competitor">With cause <c>competitor</c>: a code of your own for whom they left for.</param>
public sealed record StateCause(
    [property: OneOf("product", "service", "price", "competitor", "need-gone", "moved", "unknown")] string Cause,
    [property: OneOf("customer", "agent")] string By,
    [property: Code] string? Competitor = null
)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "churn/{customerId:guid}/cause",
                "State why a customer left",
                "segmentation.churn.write",
                async (Guid customerId, StateCause command, NpgsqlDataSource db, Request request, EventStore store, CancellationToken ct) =>
                {
                    var id = (await CustomerGroups.Of(db, customerId, ct)).SurvivorId;
                    request.Concerns(id);
                    return request.Done(
                        await store.Write(
                            request,
                            CustomerChurn.Of(id),
                            CustomerValue.Of(id),
                            (churn, customer) => churn.Append(command.Decide(id, churn.State, customer.State, request.Now))
                        )
                    );
                }
            )
            .Refuses("no-episode", "not-a-competitor");

    /// <exception cref="RuleViolationException"><c>no-episode</c> or <c>not-a-competitor</c>.</exception>
    public IChurnEvent[] Decide(Guid id, CustomerChurn churn, CustomerValue customer, DateTimeOffset now)
    {
        if (customer.Stage is null || customer.Forgotten)
            throw new NotFoundException("customer", id);
        if (Competitor is not null && Cause != "competitor")
            throw new RuleViolationException("not-a-competitor", "A competitor is named with cause competitor only.", "competitor");
        return churn.Latest() is { } episode
            ? [new ChurnCauseStated(id, episode.Id, Cause, Competitor, By, now)]
            : throw new RuleViolationException("no-episode", "The customer has not left.");
    }
}
