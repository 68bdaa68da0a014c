using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>A reward enters the catalogue. Nobody can have it before it is published.</summary>
/// <param name="Code">Names it for ever, also as the purpose <c>reward-…</c> of its redemptions.</param>
/// <param name="Stock">How many there are; left out where there is no limit.</param>
public sealed record CreateReward(
    [property:
        Required,
        RegularExpression("^[a-z0-9][a-z0-9-]{0,49}$", ErrorMessage = "Code is lower-case letters, digits and hyphens, at most 50.")
    ]
        string Code,
    [property: Required] Offer Offer,
    [property: Range(0, RestockReward.Most)] long? Stock = null
)
{
    public IRewardEvent[] Decide(Reward reward, LoyaltyRules rules, DateTimeOffset now) =>
        reward.Offer is null
            ? [new RewardCreated(Code, Offer.Checked(rules), Stock, now)]
            : throw new DuplicateException("duplicate-reward", "There is a reward with this code already.", "code");

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/loyalty/rewards",
                async (CreateReward command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    var id = Reward.IdOf(command.Code);
                    request.Creates(id, $"/api/loyalty/rewards/{id}");
                    return request.Done(await store.Write(request, Reward.Of(id), reward => command.Decide(reward, rules, request.Now)));
                }
            )
            .RequirePermission("loyalty.rewards.manage")
            .Idempotent()
            .WithName("CreateReward")
            .WithSummary("Put a reward into the catalogue")
            .WithTags("rewards")
            .Produces<Changed>(201)
            .Duplicates("duplicate-reward")
            .Refuses(Offer.Faults);
}
