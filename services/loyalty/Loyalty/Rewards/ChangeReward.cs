using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The whole offer as it is from now on. Orders keep what they were reserved for: price, kind and validity.</summary>
/// <param name="Offer">The whole offer as it is from now on.</param>
public sealed record ChangeReward([property: Required] Offer Offer)
{
    public IRewardEvent[] Decide(Reward reward, LoyaltyRules rules, DateTimeOffset now)
    {
        var offer = Offer.Checked(rules);
        return Text(offer) == Text(reward.Offer!) ? [] : [new RewardChanged(offer, now)];
    }

    static string Text(Offer offer) => JsonSerializer.Serialize(offer, EventStoreOptions.Json);

    public static void Map(CrmService room) =>
        room.MapPut(
                "rewards/{id:guid}",
                "Replace the offer of a reward",
                "loyalty.rewards.manage",
                async (Guid id, ChangeReward command, Request request, EventStore store, LoyaltyRules rules) =>
                    request.Done(await store.Write(request, Reward.Of(id), reward => command.Decide(reward.Known(id), rules, request.Now)))
            )
            .Refuses(Offer.Faults);
}
