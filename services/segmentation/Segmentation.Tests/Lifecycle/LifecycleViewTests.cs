using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Tests.Groups;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

/// <summary>Stages over the real database and broker. A room of its own: its clock is moved.</summary>
public class LifecycleViewTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_customer_is_engaged_loyal_ended_and_won_back()
    {
        var (now, anna, bert) = (fixture.Clock.GetUtcNow(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear(
            "customers",
            new Contracts.CustomerRegistered(anna, "individual", null, now.AddDays(-160)),
            new Contracts.CustomerRegistered(bert, "individual", null, now.AddDays(-160)),
            Spoke(anna, now.AddDays(-158), answered: false),
            Spoke(anna, now.AddDays(-150), answered: true),
            Spoke(bert, now.AddDays(-150), answered: true)
        );
        await Clock();
        (await Lifecycle(bert)).ShouldBe("Prospect 10 registered, Engaged 150 contact");
        await fixture.Hear("customers", [.. Enumerable.Range(1, 7).Select(i => Purchase(anna, 10, now.AddDays(-160 + (20 * i))))]);
        await Clock();
        (await Lifecycle(anna)).ShouldBe(
            "Prospect 10 registered, Engaged 10 contact, New 20 purchase, Repeat 20 purchase, Active 90 purchase, Loyal 10 held"
        );

        // A bad answer, and a better one; the score of another question is neither.
        await fixture.Hear(
            "service-desk",
            new Contracts.SurveyAnswered(anna, Guid.Empty, "nps", 1, now.AddDays(-6), "shop", 1, Guid.CreateVersion7())
        );
        await fixture.Hear("service-desk", new Contracts.SurveyAnswered(anna, Guid.CreateVersion7(), "csat", 1, now.AddDays(-5)));
        await Clock();
        (await fixture.Get($"customers/{anna}")).GetProperty("lifecycle").GetProperty("cause").GetString().ShouldBe("survey");
        await fixture.Hear("service-desk", new Contracts.SurveyAnswered(anna, Guid.CreateVersion7(), "csat", 5, now.AddDays(-4)));

        (await End(anna, "end")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Problem(await End(anna, "end"))).ShouldBe("urn:crm:already-ended");
        fixture.Clock.Advance(TimeSpan.FromDays(400));
        await Clock();
        var stage = (await fixture.Get($"customers/{anna}")).GetProperty("lifecycle");
        (stage.GetProperty("stage").GetString(), stage.GetProperty("cause").GetString()).ShouldBe(("Ended", "ended"));
        (stage.GetProperty("maxStage").GetString(), stage.GetProperty("nextAt").ValueKind).ShouldBe(("Loyal", JsonValueKind.Null));
        (await Lifecycle(anna)).ShouldEndWith("Loyal 5 held, Active 5 survey, Ended 400 ended moved-abroad");
        await fixture.Hear("customers", Purchase(anna, 10, fixture.Clock.GetUtcNow()));
        await fixture.CatchUp();
        (await Problem(await End(anna, "reopen"))).ShouldBe("urn:crm:not-ended");
        (await Lifecycle(anna)).ShouldEndWith("WonBack 0 purchase");
        (await fixture.Published(anna))
            .OfType<Contracts.LifecycleStageChanged>()
            .Select(s => $"{s.To} {s.Cause}")
            .ShouldBe([
                "Prospect registered",
                "Engaged contact",
                "New purchase",
                "Repeat purchase",
                "Active purchase",
                "Loyal held",
                "Active survey",
                "Ended ended",
                "WonBack purchase",
            ]);

        // Anna's and bert's days as prospects; anna's as engaged. Bert, who never bought, still is.
        var durations = (await fixture.Get("lifecycle/durations")).EnumerateArray().ToDictionary(d => d.GetProperty("stage").GetString()!);
        durations.Count.ShouldBe(10);
        (Number("Prospect", "stays"), Number("Prospect", "medianDays")).ShouldBe((2, 10));
        (Number("Engaged", "stays"), Number("Engaged", "p90Days")).ShouldBe((1, 10));
        // 90 days, and 5 after the survey.
        (Number("Active", "medianDays"), Number("Active", "p90Days")).ShouldBe((47.5m, 81.5m));
        durations["WonBack"].GetProperty("medianDays").ValueKind.ShouldBe(JsonValueKind.Null);
        decimal Number(string of, string property) => durations[of].GetProperty(property).GetDecimal();
    }

    [Fact]
    public async Task customers_who_are_one_are_ended_by_one_and_opened_by_the_other()
    {
        var (now, one, two) = (fixture.Clock.GetUtcNow(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", Purchase(one, 10, now.AddDays(-20)), Purchase(two, 10, now.AddDays(-10)));
        await fixture.Hear("customers", [.. GroupWorld.Linked(now, one, two)]);
        await fixture.Settle();
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        (await End(two, "end")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Problem(await End(one, "end"))).ShouldBe("urn:crm:already-ended");
        await fixture.Settle();
        (await Lifecycle(one)).ShouldEndWith("Ended 0 ended moved-abroad");
        (await Lifecycle(two)).ShouldBe(await Lifecycle(one));
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        (await End(one, "reopen")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await fixture.Settle();
        (await Lifecycle(two)).ShouldEndWith("Ended 1 ended moved-abroad, Repeat 0 reopened moved-abroad");
        await End(two, "end");
        await fixture.Hear("customers", [.. GroupWorld.Parted(fixture.Clock.GetUtcNow(), one, two)]);
        await fixture.Settle();
        (await Lifecycle(two)).ShouldEndWith("Ended 0 separated moved-abroad");
        (await Lifecycle(one)).ShouldEndWith("New 0 separated");
    }

    static Contracts.InteractionRecorded Spoke(Guid customer, DateTimeOffset at, bool answered) =>
        new(customer, Guid.CreateVersion7(), "phone", "inbound", "question", answered, at);

    async Task Clock()
    {
        await fixture.CatchUp();
        await fixture.Clocks();
        await fixture.CatchUp();
    }

    Task<HttpResponseMessage> End(Guid customer, string what) =>
        fixture
            .Http("segmentation.lifecycle.write")
            .PostAsJsonAsync($"/api/segmentation/customers/{customer}/lifecycle/{what}", new { reason = "moved-abroad" });

    static async Task<string?> Problem(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
    }

    /// <summary>Stages, with their days and what began them; together they are the customer's age.</summary>
    async Task<string> Lifecycle(Guid customer)
    {
        var all = await fixture.Get($"customers/{customer}/lifecycle");
        var stages = all.GetProperty("stages").EnumerateArray().ToList();
        stages.Sum(s => s.GetProperty("seconds").GetInt64()).ShouldBe(all.GetProperty("ageSeconds").GetInt64());
        return string.Join(
            ", ",
            stages.Select(s =>
                $"{s.GetProperty("stage")} {s.GetProperty("seconds").GetInt64() / 86400} {s.GetProperty("cause")} ".TrimEnd()
                + $" {s.GetProperty("reason")}".TrimEnd()
            )
        );
    }
}
