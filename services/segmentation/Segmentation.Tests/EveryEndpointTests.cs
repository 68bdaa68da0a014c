namespace CrmPlatform.Segmentation.Tests;

/// <summary>The walk over every endpoint of the room, so that none is forgotten.</summary>
public sealed class EveryEndpointTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public Task every_endpoint_answers_401_without_token_403_without_permission_and_never_500() =>
        Endpoints.Check(
            fixture,
            "segmentation.read",
            "segmentation.run",
            "segmentation.definitions.write",
            "segmentation.lifecycle.write",
            "segmentation.segments.write",
            "segmentation.segments.publish",
            "segmentation.segments.pin",
            "segmentation.grading.write",
            "segmentation.grading.override",
            "segmentation.churn.write",
            "segmentation.win-back.write",
            "segmentation.needs.write",
            "personal.export",
            "personal.audit",
            "ops.read",
            "ops.rebuild",
            "ops.skip",
            "ops.dead-letters",
            "ops.stream"
        );

    [Fact]
    public Task every_rule_of_a_body_is_checked_and_the_answer_names_the_field() => BrokenBodies.Check(fixture, atLeast: 3);

    [Fact]
    public Task a_refused_post_does_not_use_up_its_key() => RefusedKeys.Check(fixture, atLeast: 2);
}
