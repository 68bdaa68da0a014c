namespace CrmPlatform.Loyalty.Rewards;

/// <summary>Nobody reserves it any more. Orders that are under way go on: they were promised.</summary>
public static class WithdrawReward
{
    public static IRewardEvent[] Decide(Reward reward, DateTimeOffset now) => reward.IsPublished ? [new RewardWithdrawn(now)] : [];

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/loyalty/rewards/{id:guid}/withdraw", async (Guid id, IfMatch ifMatch, EventStore store, TimeProvider clock, CancellationToken ct) =>
        Answer.Done(id, (await store.WriteToAggregate(id, (Reward reward) => Decide(reward.Known(id), clock.GetUtcNow()), ifMatch.Version, ct: ct)).Version))
        .RequirePermission("loyalty.rewards.manage").Idempotent().WithName("WithdrawReward").WithSummary("Take a reward off the shelf").WithTags("rewards").Produces<Changed>().ProducesProblem(404);
}
