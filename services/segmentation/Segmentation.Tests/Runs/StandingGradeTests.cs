using CrmPlatform.Segmentation.Runs;
using CrmPlatform.Segmentation.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Runs;

/// <summary>Grades over several days' runs. A room of its own: its clock is moved.</summary>
public class StandingGradeTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_run_shows_what_it_found_and_what_stands_until_the_next_one_finds_it_too()
    {
        var now = fixture.Clock.GetUtcNow();
        // 100 customers with 10 each: 80 points before the 81st. One of them is near the boundary of A and B.
        Guid[] ids = [.. Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7())];
        await fixture.Hear("customers", [.. ids.Select((c, i) => Purchase(c, 100 - (i * .1m), now.AddDays(-30)))]);
        await fixture.Run();
        var near = ids[(await Grades()).FindLastIndex(g => g == "A")];
        (await Both(await fixture.Run(), near)).ShouldBe(("A", "A"));

        // One buys more than the last of A, who is B by it.
        await Day();
        await fixture.Hear("customers", Purchase(ids[^1], 60, fixture.Clock.GetUtcNow().AddMinutes(-5)));
        var second = await fixture.Run();
        (await Both(second, near)).ShouldBe(("B", "A"));
        (await Both(second, ids[^1])).ShouldBe(("A", "A"), "far past the boundary");
        await fixture.Services.GetRequiredService<PublishRuns>().Publish(second);
        // The same day again is not the next run.
        await fixture.Hear("customers", Purchase(ids[^1], 1, fixture.Clock.GetUtcNow().AddMinutes(-4)));
        var again = await fixture.Run();
        again.ShouldNotBe(second);
        await fixture.Restart();
        (await Both(again, near)).ShouldBe(("B", "A"));

        await Day();
        (await Both(await fixture.Run(), near)).ShouldBe(("B", "B"));
        (await fixture.Published(near)).OfType<Contracts.GradeChanged>().Select(g => g.To).ShouldBe(["A", "B"]);

        async Task Day()
        {
            fixture.Clock.Advance(TimeSpan.FromDays(1));
            await fixture.CatchUp();
        }

        async Task<List<string?>> Grades()
        {
            var grades = new List<string?>();
            foreach (var id in ids)
                grades.Add((await fixture.Get($"customers/{id}")).GetProperty("abc").GetProperty("grade").GetString());
            return grades;
        }
    }

    /// <summary>What a run found of a customer, and what stands; what it says of all agrees with both.</summary>
    async Task<(string? Found, string? Standing)> Both(Guid run, Guid customer)
    {
        var found = (await fixture.Get($"runs/{run}/scores?customer={customer}")).GetProperty("items")[0].GetProperty("grade").GetString();
        var standing = (await fixture.Get($"customers/{customer}")).GetProperty("abc").GetProperty("grade").GetString();
        var shown = await fixture.Get($"runs/{run}");
        shown.GetProperty("standing").GetRawText().ShouldBe(await Counted(), "as the customers say");
        if (found != standing)
            shown.GetProperty("standing").GetRawText().ShouldNotBe(shown.GetProperty("counts").GetProperty("grades").GetRawText());
        return (found, standing);
    }

    async Task<string> Counted()
    {
        var abc = (await fixture.Get("abc"))
            .EnumerateArray()
            .ToDictionary(g => g.GetProperty("name").GetString()!, g => g.GetProperty("customers").GetInt64());
        return $"{{\"A\":{abc["A"]},\"B\":{abc["B"]},\"C\":{abc["C"]}}}";
    }
}
