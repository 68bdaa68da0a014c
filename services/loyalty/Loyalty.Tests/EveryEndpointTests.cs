namespace CrmPlatform.Loyalty.Tests;

/// <summary>The walk over every endpoint of the room, so that none is forgotten.</summary>
public sealed class EveryEndpointTests(LoyaltyRoom fixture) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public Task every_endpoint_answers_401_without_token_403_without_permission_and_never_500() =>
        Endpoints.Check(
            fixture,
            "loyalty.read",
            "loyalty.points.redeem",
            "loyalty.points.adjust",
            "loyalty.points.approve",
            "loyalty.points.unlock",
            "loyalty.actions.write",
            "loyalty.rules.publish",
            "loyalty.rules.preview",
            "loyalty.rewards.manage",
            "loyalty.rewards.reserve",
            "loyalty.tiers.write",
            "loyalty.activities.manage",
            "loyalty.activities.join",
            "loyalty.referrals.write",
            "loyalty.households.write",
            "loyalty.points.transfer",
            "loyalty.import",
            "loyalty.export",
            "loyalty.messages.read",
            "personal.read",
            "personal.audit",
            "personal.export",
            "ops.read",
            "ops.rebuild",
            "ops.skip",
            "ops.dead-letters",
            "ops.stream"
        );

    [Fact]
    public Task every_rule_of_a_body_is_checked_and_the_answer_names_the_field() => BrokenBodies.Check(fixture, atLeast: 100);

    [Fact]
    public Task a_refused_post_does_not_use_up_its_key() => RefusedKeys.Check(fixture, atLeast: 15);
}
