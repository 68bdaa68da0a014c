namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>Checks that apply to every endpoint of the room.</summary>
public sealed class EveryEndpointTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public Task every_endpoint_answers_401_without_token_403_without_permission_and_never_500() =>
        Endpoints.Check(
            fixture,
            "service-desk.read",
            "service-desk.write",
            "service-desk.customer",
            "service-desk.agents",
            "service-desk.complaints.write",
            "service-desk.complaints.decide",
            "service-desk.complaints.compensate",
            "service-desk.complaints.approve",
            "service-desk.codebook",
            "service-desk.policies",
            "service-desk.surveys.write",
            "service-desk.surveys.send",
            "service-desk.surveys.read",
            "service-desk.messages.read",
            "service-desk.import",
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
    public Task every_rule_of_a_body_is_checked_and_the_answer_names_the_field() => BrokenBodies.Check(fixture, atLeast: 40);

    [Fact]
    public Task a_refused_post_does_not_use_up_its_key() => RefusedKeys.Check(fixture, atLeast: 3);
}
