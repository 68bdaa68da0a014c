namespace CrmPlatform.Loyalty.Rewards;

/// <summary>Nobody reserves it any more. Orders that are under way go on: they were promised.</summary>
public static class WithdrawReward
{
    public static IRewardEvent[] Decide(Reward reward, DateTimeOffset now) => reward.IsPublished ? [new RewardWithdrawn(now)] : [];

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/loyalty/rewards/{id:guid}/withdraw",
                async (Guid id, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Reward.Of(id), reward => Decide(reward.Known(id), request.Now)))
            )
            .RequirePermission("loyalty.rewards.manage")
            .Idempotent()
            .WithName("WithdrawReward")
            .WithSummary("Take a reward off the shelf")
            .WithTags("rewards")
            .Produces<Changed>()
            .ProducesProblem(404);
}
