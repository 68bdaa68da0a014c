namespace CrmPlatform.Loyalty.Rewards;

/// <summary>Members may reserve it from now on, inside of its window.</summary>
public static class PublishReward
{
    public static IRewardEvent[] Decide(Reward reward, DateTimeOffset now) => reward.IsPublished ? [] : [new RewardPublished(now)];

    public static void Map(CrmService room) =>
        room.MapPost(
            "rewards/{id:guid}/publish",
            "Let members reserve a reward",
            "loyalty.rewards.manage",
            async (Guid id, Request request, EventStore store) =>
                request.Done(await store.Write(request, Reward.Of(id), reward => Decide(reward.Known(id), request.Now)))
        );
}
