using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>More of a reward arrived, or some of it is gone. What is reserved is promised and stays.</summary>
/// <param name="Delta">How many more there are; negative for fewer.</param>
/// <param name="Reason">A code: <c>delivery</c>, <c>broken</c>, <c>stock-taking</c>.</param>
public sealed record RestockReward(
    [property: Range(-RestockReward.Most, RestockReward.Most)] long Delta,
    [property: Required, Code] string Reason
)
{
    public const long Most = 1_000_000_000;

    public IRewardEvent[] Decide(Reward reward, DateTimeOffset now) =>
        reward.Stock switch
        {
            _ when Delta == 0 => [],
            null => throw new RuleViolationException("stock-unlimited", "This reward has no stock to count."),
            { } stock when stock + Delta < 0 => throw new RuleViolationException(
                "stock-reserved",
                $"{stock} are neither reserved nor gone: no more can be taken out.",
                "delta"
            ),
            { } stock when stock + Delta > Most => throw new RuleViolationException(
                "too-much-stock",
                $"A stock is at most {Most}.",
                "delta"
            ),
            _ => [new RewardRestocked(Delta, Reason, now)],
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "rewards/{id:guid}/restock",
                "Count stock in or out",
                "loyalty.rewards.manage",
                async (Guid id, RestockReward command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Reward.Of(id), reward => command.Decide(reward.Known(id), request.Now)))
            )
            .Refuses("stock-unlimited", "stock-reserved", "too-much-stock");
}
