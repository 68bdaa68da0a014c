using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>A reward enters the catalogue. Nobody can have it before it is published.</summary>
/// <param name="Code">Names it for ever, also as the purpose <c>reward-…</c> of its redemptions.</param>
/// <param name="Offer">What it is called, what it costs whom, and who may have how many of it when.</param>
/// <param name="Stock">How many there are; left out where there is no limit.</param>
public sealed record CreateReward(
    [property: Required, Code(50)] string Code,
    [property: Required] Offer Offer,
    [property: Range(0, RestockReward.Most)] long? Stock = null
)
{
    public IRewardEvent[] Decide(Reward reward, LoyaltyRules rules, DateTimeOffset now) =>
        reward.Offer is null
            ? [new RewardCreated(Code, Offer.Checked(rules), Stock, now)]
            : throw new DuplicateException("duplicate-reward", "There is a reward with this code already.", "code");

    public static void Map(CrmService room) =>
        room.MapPost(
                "rewards",
                "Put a reward into the catalogue",
                "loyalty.rewards.manage",
                async (CreateReward command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    var id = Reward.IdOf(command.Code);
                    request.Creates(id, $"/api/loyalty/rewards/{id}");
                    return request.Done(await store.Write(request, Reward.Of(id), reward => command.Decide(reward, rules, request.Now)));
                }
            )
            .Produces<Changed>(201)
            .Duplicates("duplicate-reward")
            .Refuses(Offer.Faults);
}
