using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Stages;

/// <summary>Where a customer has been.</summary>
/// <param name="CustomerId">Id of the customer who was asked for.</param>
/// <param name="Group">The group of which all of this is said, since the customer is a member; null for one who is alone.</param>
/// <param name="MaxStage">The furthest of <c>Prospect</c>, <c>Engaged</c>, <c>New</c>, <c>Repeat</c>, <c>Active</c> and <c>Loyal</c> that
/// was ever said; null where none was.</param>
/// <param name="AgeSeconds">Since the first stage began.</param>
/// <param name="Stages">One after the other, without a gap.</param>
public sealed record CustomerLifecycle(
    Guid CustomerId,
    GroupNow? Group,
    [property: OneOf(null, "Prospect", "Engaged", "New", "Repeat", "Active", "Loyal")] string? MaxStage,
    long AgeSeconds,
    IReadOnlyList<StageSpan> Stages
);

/// <summary>When a customer was in which stage, and why.</summary>
public static class GetCustomerLifecycle
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "customers/{id:guid}/lifecycle",
                "When a customer was in which stage of the lifecycle, and why",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
                {
                    var group = await CustomerGroups.Of(db, id, ct);
                    var said = (
                        await db.Query<StageSaid>(
                            "select stage, cause, reason, occurred_at from lifecycle_stage_2 where customer_id = @id order by seq",
                            new { id = group.SurvivorId },
                            ct
                        )
                    ).ToList();
                    if (said.Count == 0)
                        return Answer.NotFound("customer", id);
                    var now = clock.GetUtcNow();
                    var spans = StageSpans.Of(said, now);
                    return Results.Ok(
                        new CustomerLifecycle(
                            CustomerId: id,
                            Group: group.IsAlone ? null : new(group.SurvivorId, group.Members),
                            MaxStage: Lifecycle.MaxStage.Of(said.Select(s => s.Stage)),
                            AgeSeconds: StageSpans.Seconds(spans[0].From, now),
                            Stages: spans
                        )
                    );
                }
            )
            .Produces<CustomerLifecycle>();
}
