using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>A breach that was none, because the desk has corrected a calendar.</summary>
public class ExcusedBreachTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    static object LetDown(int atLeast) => new { did = new { of = new { what = "breach" }, atLeast } };

    [Fact]
    public async Task who_was_not_let_down_after_all_leaves_the_segment_when_that_is_told()
    {
        var (id, ticket) = (await fixture.Known(), Guid.CreateVersion7());
        var due = fixture.Clock.GetUtcNow().AddDays(-3);
        await fixture.Hear(
            "service-desk",
            new Contracts.SlaBreached(id, ticket, "acknowledgement", due),
            new Contracts.SlaBreached(id, ticket, "first-response", due),
            new Contracts.SlaBreached(id, ticket, "resolution", due.AddHours(8))
        );
        await fixture.Publish("let-down", LetDown(1));
        await fixture.Publish("let-down-twice", LetDown(2));
        await fixture.Publish("let-down-thrice", LetDown(3));
        (await In("let-down", "let-down-twice", "let-down-thrice")).ShouldBe((true, true, true));

        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var told = fixture.Clock.GetUtcNow();
        await fixture.Hear("service-desk", new Contracts.BreachExcused(id, ticket, "first-response", due, told));
        await fixture.Judge();
        (await In("let-down", "let-down-twice", "let-down-thrice")).ShouldBe((true, true, false), "of two at one instant one was none");
        await fixture.Hear(
            "service-desk",
            new Contracts.BreachExcused(id, ticket, "acknowledgement", due, told),
            new Contracts.BreachExcused(id, ticket, "resolution", due.AddHours(8), told)
        );
        await fixture.Judge();
        (await In("let-down", "let-down-twice", "let-down-thrice")).ShouldBe((false, false, false));
        var left = (await fixture.Changes("let-down", id))[^1];
        (left.In, left.Cause).ShouldBe((false, "facts"));
        left.At.ShouldBe(told, TimeSpan.FromMilliseconds(1), "until then nobody knew");

        async Task<(bool, bool, bool)> In(string one, string two, string three) =>
            (
                (await fixture.Members(one)).Contains(id),
                (await fixture.Members(two)).Contains(id),
                (await fixture.Members(three)).Contains(id)
            );
    }
}
