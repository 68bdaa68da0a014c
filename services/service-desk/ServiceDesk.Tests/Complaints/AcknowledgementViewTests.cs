using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>What answers and figures say about acknowledgements.</summary>
public class AcknowledgementViewTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    async Task<JsonElement> Clock(Guid id) =>
        (await fixture.Get($"tickets/{id}"))
            .GetProperty("clocks")
            .EnumerateArray()
            .Single(c => c.GetProperty("clock").GetString() == "acknowledgement");

    async Task<JsonElement> Row(Guid id) =>
        (await fixture.Get("queue")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("id").GetGuid() == id);

    [Fact]
    public async Task an_acknowledgement_that_is_late_is_shown_counted_and_told_once()
    {
        var opened = fixture.Clock.GetUtcNow();
        var (late, quick) = (await Complain(), await Complain());
        await fixture.Post($"tickets/{quick}/wait", new { });
        (await Row(quick)).GetProperty("risk").GetInt32().ShouldBe(2, "an acknowledgement is owed within eight hours, also while it waits");
        fixture.Clock.Advance(TimeSpan.FromMinutes(30));
        await fixture.Post($"tickets/{quick}/acknowledge", new { channel = "email", automatic = true });
        var clock = await Clock(quick);
        (clock.GetProperty("state").GetString(), clock.GetProperty("usedMinutes").GetInt32()).ShouldBe(("met", 30));
        clock.GetProperty("dueAt").GetDateTimeOffset().ShouldBe(opened.AddHours(4), TimeSpan.FromMinutes(1));
        (await Row(quick)).GetProperty("acknowledgementDueAt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Row(late)).GetProperty("acknowledgementDueAt").GetDateTimeOffset().ShouldBe(opened.AddHours(4), TimeSpan.FromMinutes(1));

        fixture.Clock.Advance(TimeSpan.FromHours(4));
        await fixture.RunDue<BreachClock>();
        (await Clock(late)).GetProperty("state").GetString().ShouldBe("late");
        await fixture.Post($"tickets/{late}/replies", Valid("replies"));
        (await Clock(late)).GetProperty("state").GetString().ShouldBe("met");
        (await fixture.Store.FetchStream(late))
            .Select(e => e.Data)
            .OfType<SlaBreached>()
            .ShouldHaveSingleItem()
            .Clock.ShouldBe("acknowledgement");

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var figures = await fixture.Get($"figures?from={opened:yyyy-MM-ddTHH:mm:ssZ}&until={opened.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");
            var kept = figures.GetProperty("acknowledgement");
            (kept.GetProperty("met").GetInt64(), kept.GetProperty("missed").GetInt64()).ShouldBe((1, 1));
            (kept.GetProperty("medianMinutes").GetInt32(), kept.GetProperty("p90Minutes").GetInt32()).ShouldBe((30, 270));
            await fixture.Daemon.Rebuild("promise-list");
        }
    }

    async Task<Guid> Complain() => (await fixture.Post("tickets", Complaint(Guid.CreateVersion7()), System.Net.HttpStatusCode.Created)).Id;
}
