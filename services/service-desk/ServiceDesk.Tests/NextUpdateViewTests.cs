using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>What answers and figures say about answers that were promised to whoever wrote again.</summary>
public class NextUpdateViewTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task a_late_answer_is_shown_counted_and_told_once()
    {
        var opened = fixture.Clock.GetUtcNow();
        var id = await fixture.Open();
        await fixture.Post($"tickets/{id}/replies", Valid("replies"));
        (await Clocks(id)).ShouldNotContainKey("next-update");
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await fixture.Post($"tickets/{id}/customer-replies", Valid("customer-replies"));
        var clock = (await Clocks(id))["next-update"];
        (clock.GetProperty("state").GetString(), clock.GetProperty("targetMinutes").GetInt32()).ShouldBe(("running", 240));
        var row = (await fixture.Get("queue")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("id").GetGuid() == id);
        row.GetProperty("nextUpdateDueAt")
            .GetDateTimeOffset()
            .ShouldBe(clock.GetProperty("dueAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        row.GetProperty("risk").GetInt32().ShouldBe(2, "due within eight hours");

        fixture.Clock.Advance(TimeSpan.FromHours(5));
        (await fixture.RunDue<BreachClock>()).ShouldBe(3, "a warning, the breach, and the lead is told of it");
        (await fixture.RunDue<BreachClock>()).ShouldBe(0);
        (await Clocks(id))["next-update"].GetProperty("state").GetString().ShouldBe("late");
        var told = (await fixture.Get($"tickets/{id}")).GetProperty("escalations").EnumerateArray().ToList();
        told.Select(e => e.GetProperty("notify").GetString()).ShouldBe(["owner", "lead"]);
        told[0].GetProperty("at").GetDateTimeOffset().ShouldBe(clock.GetProperty("dueAt").GetDateTimeOffset().AddHours(-1));
        await fixture.Post($"tickets/{id}/replies", Valid("replies"));
        await fixture.Post($"tickets/{id}/customer-replies", Valid("customer-replies"));
        await fixture.Post($"tickets/{id}/replies", Valid("replies"));
        var breach = (await fixture.Store.FetchStream(id)).Select(e => e.Data).OfType<SlaBreached>().ShouldHaveSingleItem();
        (breach.Clock, breach.OccurredAt).ShouldBe(("next-update", clock.GetProperty("dueAt").GetDateTimeOffset()));

        (await fixture.Get("summary")).GetProperty("breached").GetInt64().ShouldBe(1);
        (await fixture.Get("queue")).GetProperty("items")[0].GetProperty("nextUpdateBreached").GetBoolean().ShouldBeTrue();
        await fixture.Post($"tickets/{id}/resolve", Valid("resolve"));
        await fixture.Post($"tickets/{id}/reopen", Valid("reopen"));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var figures = await fixture.Get($"figures?from={opened:yyyy-MM-ddTHH:mm:ssZ}&until={opened.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");
            Kept(figures, "nextUpdate").ShouldBe((1, 1));
            Kept(figures, "firstResponse").ShouldBe((1, 0));
            Kept(figures, "resolution").ShouldBe((0, 0), "it is open again, and not late");
            figures.GetProperty("nextUpdate").GetProperty("p90Minutes").GetInt32().ShouldBe(300);
            await fixture.Daemon.Rebuild("promise-list");
        }
    }

    static (long Met, long Missed) Kept(JsonElement figures, string promise) =>
        (figures.GetProperty(promise).GetProperty("met").GetInt64(), figures.GetProperty(promise).GetProperty("missed").GetInt64());

    async Task<Dictionary<string, JsonElement>> Clocks(Guid id) =>
        (await fixture.Get($"tickets/{id}")).GetProperty("clocks").EnumerateArray().ToDictionary(c => c.GetProperty("clock").GetString()!);
}
