namespace CrmPlatform.Loyalty.Rewards;

/// <summary>Nobody reserves it any more. Orders that are under way go on: they were promised.</summary>
public static class WithdrawReward
{
    public static IRewardEvent[] Decide(Reward reward, DateTimeOffset now) => reward.IsPublished ? [new RewardWithdrawn(now)] : [];

    public static void Map(CrmService room) =>
        room.MapPost(
            "rewards/{id:guid}/withdraw",
            "Take a reward off the shelf",
            "loyalty.rewards.manage",
            async (Guid id, Request request, EventStore store) =>
                request.Done(await store.Write(request, Reward.Of(id), reward => Decide(reward.Known(id), request.Now)))
        );
}
