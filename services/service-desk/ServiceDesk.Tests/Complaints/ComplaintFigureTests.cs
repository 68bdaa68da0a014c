using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>The complaints of a period, counted. A room of its own.</summary>
public class ComplaintFigureTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly DateTimeOffset day = new(2024, 3, 1, 9, 0, 0, TimeSpan.Zero);

    async Task<Guid> Complained(DateTimeOffset at, Guid? customer = null, string severity = "minor")
    {
        var body = DeskRequests.Complaint(customer ?? Guid.CreateVersion7(), null, at);
        var id = (await fixture.Post("tickets", body, HttpStatusCode.Created)).Id;
        await fixture.Post($"tickets/{id}/acknowledge", At("acknowledge", at.AddMinutes(10)));
        await fixture.Post($"tickets/{id}/assess", At(new { severity }, at.AddMinutes(20)));
        return id;
    }

    async Task Decided(Guid id, DateTimeOffset at, string outcome, string cause) =>
        await fixture.Post($"tickets/{id}/decide", At(new { outcome, cause }, at));

    [Fact]
    public async Task complaints_are_counted_by_what_they_have_in_common()
    {
        var anna = Guid.CreateVersion7();
        var first = await Complained(day, anna);
        await fixture.Post($"tickets/{first}/compensate", At(new { kind = "points", amount = 300 }, day.AddMinutes(30)));
        await fixture.Post($"tickets/{first}/compensate", At(new { kind = "refund", amount = 12.5 }, day.AddMinutes(30)));
        await Decided(first, day.AddHours(1), "upheld", "lost-parcel");
        await fixture.Post($"tickets/{first}/resolve", At("resolve", day.AddHours(2)));
        await fixture.Post($"tickets/{first}/satisfaction", At(new { score = 2 }, day.AddHours(3)));
        var second = await Complained(day.AddDays(5), anna, "major");
        await Decided(second, day.AddDays(5).AddHours(3), "rejected", "lost-parcel");
        await Decided(await Complained(day.AddDays(6)), day.AddDays(6).AddHours(9), "withdrawn", "rude");
        await Complained(day.AddDays(7));
        await Complained(day.AddDays(100), anna);

        const string Period = "from=2024-03-01T00:00:00Z&until=2024-04-01T00:00:00Z";
        var figures = await fixture.Get("figures/complaints?" + Period);
        var total = figures.GetProperty("total");
        N(total).ShouldBe("4,3,0.5000,10,10,180,540,0.2500,1,0.2500,12.5,0,300,1,2.00");
        figures
            .GetProperty("groups")
            .EnumerateArray()
            .Select(g => $"{g.GetProperty("key")}:{g.GetProperty("count")}")
            .ShouldBe(["lost-parcel:2", ":1", "rude:1"], ignoreOrder: true);
        N(figures.GetProperty("groups")[0]).ShouldBe("2,2,0.5000,10,10,60,180,0.5000,1,0.5000,12.5,0,300,1,2.00");
        foreach (var (by, keys) in new[] { ("area", "delivery||service"), ("severity", "minor|major"), ("channel", "web"), ("tier", "") })
            (await fixture.Get($"figures/complaints?by={by}&{Period}"))
                .GetProperty("groups")
                .EnumerateArray()
                .Select(g => g.GetProperty("key").ToString())
                .ShouldBe(keys.Split('|'), ignoreOrder: true, by);
        await fixture.Daemon.Rebuild("complaint-list");
        N((await fixture.Get("figures/complaints?" + Period)).GetProperty("total")).ShouldStartWith("4,3,0.5000,10,10,180,540,0.2500,1,");

        foreach (
            var (filter, count) in new[]
            {
                ("", 4),
                ("&repeats=true", 1),
                ("&outcome=rejected", 1),
                ("&area=delivery", 2),
                ("&severity=major", 1),
            }
        )
            (await fixture.Get($"complaints?{Period}{filter}")).GetProperty("items").GetArrayLength().ShouldBe(count, filter);
        (await fixture.Get("complaints/causes")).EnumerateArray().ShouldContain(c => c.GetProperty("code").GetString() == "lost-parcel");
        foreach (
            var wrong in new[]
            {
                "figures/complaints?by=x&" + Period,
                "figures/complaints?from=2024-03-01T00:00:00Z&until=2024-03-01T00:00:00Z",
            }
        )
            await Problem(await fixture.Agent().GetAsync("/api/service-desk/" + wrong), 400);
    }

    [Fact]
    public async Task of_a_period_without_complaints_the_shares_are_unknown()
    {
        const string Period = "from=1999-03-01T00:00:00Z&until=1999-04-01T00:00:00Z";
        var figures = await fixture.Get("figures/complaints?" + Period);
        figures.GetProperty("groups").GetArrayLength().ShouldBe(0);
        N(figures.GetProperty("total")).ShouldBe("0,0,,,,,,,0,,0,0,0,0,");
        (await fixture.Get("complaints?" + Period)).GetProperty("items").GetArrayLength().ShouldBe(0);
        foreach (var wrong in new[] { "outcome=x", "severity=x", "repeats=x", "limit=0", "after=x" })
            await Problem(await fixture.Agent().GetAsync($"/api/service-desk/complaints?{Period}&{wrong}"), 400);
        (await fixture.Get("feedback/themes?" + Period)).ToString().ShouldBe("""{"version":0,"texts":0,"uncoded":0,"themes":[]}""");
        N((await fixture.Get("figures/loops?" + Period))).ShouldStartWith("0,0,0,0,,,");
    }

    [Fact]
    public async Task a_cause_of_no_list_is_refused()
    {
        var id = await Complained(fixture.Clock.GetUtcNow().AddHours(-2));
        var body = new { outcome = "upheld", cause = "bad-luck" };
        await Problem(await fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{id}/decide", body), 422, "cause-unknown");
    }

    static string N(JsonElement group) =>
        string.Join(',', group.EnumerateObject().Where(p => p.Name != "key").Select(p => p.Value.ToString()));
}
