using System.Net;
using System.Net.Http.Json;
using CrmPlatform.ServiceDesk.Feedback;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Feedback;

/// <summary>Suggestions, trends, and what is no feedback. A room of its own.</summary>
public class SaidTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Late = "物流慢,等了十天";

    [Fact]
    public async Task the_author_of_a_suggestion_sees_what_becomes_of_it()
    {
        var customer = Guid.CreateVersion7();
        var id = await fixture.Said("希望支持货到付款", customer, "suggestion");
        var review = await fixture.Said("很好", customer);
        var status = new { status = "planned", note = "明年一季度" };
        (await fixture.Lead().PutAsJsonAsync($"/api/service-desk/feedback/{id}/status", status)).EnsureSuccessStatusCode();
        var shown = (await fixture.Get($"customers/{customer}/suggestions")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        shown.GetProperty("text").GetString().ShouldBe("希望支持货到付款");
        (shown.GetProperty("status").GetString(), shown.GetProperty("note").GetString()).ShouldBe(("planned", "明年一季度"));
        await Problem(await fixture.Lead().PutAsJsonAsync($"/api/service-desk/feedback/{review}/status", status), 422, "not-a-suggestion");
        await Problem(
            await fixture.Lead().PutAsJsonAsync($"/api/service-desk/feedback/{Guid.CreateVersion7()}/status", status),
            404,
            "not-found"
        );
        await Problem(await fixture.Http("service-desk.read").GetAsync($"/api/service-desk/customers/{customer}/suggestions"), 403);
    }

    [Fact]
    public async Task the_trend_of_a_week_is_beside_the_eight_weeks_before()
    {
        // In Asia/Shanghai, where the desk of these tests is not, the week begins elsewhere.
        var monday = new DateTimeOffset(2025, 3, 3, 0, 0, 0, TimeSpan.FromHours(-5));
        for (var week = 1; week <= 8; week++)
        for (var i = 0; i < 10; i++)
            await fixture.Said(i == 0 ? Late : "谢谢", at: monday.AddDays(-7 * week).AddHours(i));
        for (var i = 0; i < 10; i++)
            await fixture.Said(i < 6 ? Late : "谢谢", at: monday.AddHours(i));
        await fixture.Said(Late, at: monday.AddDays(7).AddHours(1));
        await fixture.Said(Late, at: monday.AddDays(-56).AddSeconds(-1));
        await fixture.RunDue<CodeFeedback>();
        var trends = await fixture.Get("feedback/trends?week=2025-03-07");
        trends.GetProperty("week").GetString().ShouldBe("2025-03-03");
        (trends.GetProperty("texts").GetInt64(), trends.GetProperty("uncoded").GetInt64()).ShouldBe((10, 4));
        var late = trends.GetProperty("themes").EnumerateArray().First(t => t.GetProperty("theme").GetString() == "delivery-late");
        (late.GetProperty("share").GetDecimal(), late.GetProperty("before").GetDecimal()).ShouldBe((.6m, .1m));
        (late.GetProperty("probability").GetDecimal(), late.GetProperty("state").GetString()).ShouldBe((.0001m, "alarm"));
        foreach (var wrong in new[] { "x", "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "2025-02-30" })
            await Problem(await fixture.Agent().GetAsync("/api/service-desk/feedback/trends?week=" + wrong), 400);
        foreach (var edge in new[] { "1900-01-01", "2199-12-31" })
            (await fixture.Get("feedback/trends?week=" + edge)).GetProperty("texts").GetInt64().ShouldBe(0);

        var themes = await fixture.Get("feedback/themes?from=2025-03-03T05:00:00Z&until=2025-03-10T05:00:00Z");
        themes
            .ToString()
            .ShouldBe("""{"version":0,"texts":10,"uncoded":4,"themes":[{"theme":"delivery-late","items":6,"share":0.6000}]}""");
        await Problem(
            await fixture.Agent().GetAsync("/api/service-desk/feedback/themes?from=2025-03-03T05:00:00Z&until=2025-03-03T05:00:00Z"),
            400
        );
    }

    [Fact]
    public async Task what_is_no_feedback_is_refused()
    {
        object Body(Guid customer, string source = "review", DateTimeOffset? occurredAt = null) =>
            new
            {
                customerId = customer,
                source,
                channel = "web",
                text = "好",
                occurredAt,
            };
        async Task Refused(object body, int status, string type) =>
            await Problem(await fixture.Agent().PostAsJsonAsync("/api/service-desk/feedback", body), status, type);
        await Refused(Body(Guid.Empty), 400, "invalid-request");
        await Refused(Body(Guid.CreateVersion7(), "ticket"), 400, "invalid-request");
        await Refused(Body(Guid.CreateVersion7(), occurredAt: fixture.Clock.GetUtcNow().AddDays(1)), 422, "in-the-future");
        var unknown = Guid.CreateVersion7();
        fixture.Unknown[unknown] = true;
        await Refused(Body(unknown), 422, "customer-unknown");
        var gone = Guid.CreateVersion7();
        await fixture.Hear("customers", new Contracts.CustomerForgotten(gone, fixture.Clock.GetUtcNow()));
        await Refused(Body(gone), 422, "customer-forgotten");
    }
}
