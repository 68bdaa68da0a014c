using CrmPlatform.Segmentation.Tests.Groups;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

/// <summary>The matrix of transitions. A room of its own: all customers are counted.</summary>
public class TransitionTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_month_says_which_stages_led_to_which()
    {
        var (now, one) = (fixture.Clock.GetUtcNow(), Guid.CreateVersion7());
        // Months of the company's zone: 03:00 UTC on the first is still the last month in New York.
        var first = new DateTimeOffset(now.Year - 1, now.Month, 1, 3, 0, 0, TimeSpan.Zero);
        await fixture.Hear(
            "customers",
            new Contracts.CustomerRegistered(one, "individual", null, first.AddDays(9)),
            Purchase(one, 10, first.AddDays(3)),
            Purchase(one, 10, first)
        );
        await fixture.CatchUp();
        await fixture.Hear("customers", Purchase(one, 10, first.AddDays(10)));
        await fixture.CatchUp();
        (await Month(first.AddDays(5))).ShouldBe("-New 1, New-Repeat 1, Repeat-Active 1", "the first order is older than the registration");
        (await Month(first.AddDays(-5))).ShouldBe("");

        async Task<string> Month(DateTimeOffset of) =>
            string.Join(
                ", ",
                (await fixture.Get($"lifecycle/transitions?month={of:yyyy-MM}"))
                    .EnumerateArray()
                    .Select(t => $"{t.GetProperty("from")}-{t.GetProperty("to")} {t.GetProperty("changes")}")
            );
    }
}
