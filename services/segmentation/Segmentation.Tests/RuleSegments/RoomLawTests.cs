using System.Diagnostics;
using System.Globalization;
using CrmPlatform.Segmentation.Tests.Grading;
using Xunit.Abstractions;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>A clock that stands at whole hours; no import keeps anybody waiting.</summary>
public sealed class RoomOfLaws : SegmentationFixture
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings) { ["Segmentation:ImportSettles"] = "00:00:00" };
}

/// <summary>
/// Random histories of customers and random rules, told to the whole room in any order, late and at once, while its workers come by
/// whenever they do: what it records is what all facts plainly meant when they were known. <c>CRM_SEGMENT_SEED</c> repeats a case.
/// </summary>
public class RoomLawTests(RoomOfLaws room, ITestOutputHelper output) : IClassFixture<RoomOfLaws>
{
    [Fact]
    public async Task memberships_are_what_the_facts_plainly_mean_whenever_they_are_told()
    {
        var now = TimeProvider.System.GetUtcNow();
        room.Clock.Stop(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(2));
        (await GradingWorld.Publish(room, "value", GradingWorld.Plain)).EnsureSuccessStatusCode();
        var again = Environment.GetEnvironmentVariable("CRM_SEGMENT_SEED");
        var (cases, enough) =
            again is not null ? (1, TimeSpan.MaxValue)
            : Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? (200, TimeSpan.MaxValue)
            : (8, TimeSpan.FromSeconds(12));
        var (all, changes) = (Stopwatch.StartNew(), 0);
        for (var i = 1; i <= cases && all.Elapsed < enough; i++)
        {
            var seed = again is null ? Random.Shared.Next() : int.Parse(again, CultureInfo.InvariantCulture);
            output.WriteLine($"CRM_SEGMENT_SEED={seed}");
            var history = new RoomHistory(room, new(seed));
            await history.Begin();
            for (var step = 0; step < 12; step++)
                await history.Step();
            await history.Check();
            await history.End();
            changes += history.Changes;
        }
        output.WriteLine($"{changes} changes in {all.Elapsed}");
    }
}
