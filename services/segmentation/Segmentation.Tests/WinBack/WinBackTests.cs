using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.Segmentation.Tests.Churn;
using CrmPlatform.Segmentation.Tests.Groups;
using CrmPlatform.Segmentation.Tests.Lifetime;
using CrmPlatform.Segmentation.Tests.RuleSegments;
using CrmPlatform.Segmentation.WinBack;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.WinBack;

public class WinBackTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    const string Plans = "win-back/plans";

    static object Plan(string segment, decimal? holdout = null, decimal? cost = null) =>
        new
        {
            name = "Come back",
            segment,
            offer = "free-shipping",
            holdout,
            offerCost = cost,
        };

    [Fact]
    public async Task no_audience_is_frozen_while_the_members_of_its_segment_are_being_found()
    {
        await fixture.Hear("customers", Purchase(Guid.CreateVersion7(), 50, fixture.Clock.GetUtcNow().AddDays(-200)));
        await fixture.Judge();
        await fixture.Editor().Draft("unsettled", new { silence = new { since = "purchase", atLeastDays = 150 } }, "service");
        await fixture.Editor().Do(HttpMethod.Post, "rule-segments/unsettled/publish");
        var plan = await Planned(Plan("unsettled"));
        (await LifetimeRoom.Refused(await fixture.Say($"{Plans}/{plan}/launch"))).ShouldBe("segment-not-settled");
        await fixture.CatchUp();
        await fixture.RunDue<SpreadSegments>();
        (await LifetimeRoom.Refused(await fixture.Say($"{Plans}/{plan}/preview"))).ShouldBe("segment-not-settled");
        await fixture.RunDue<JudgeSegments>();
        await fixture.CatchUp();
        (await fixture.Say($"{Plans}/{plan}/preview")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task an_offer_goes_to_a_part_of_the_audience_and_is_measured_against_the_rest()
    {
        var now = fixture.Clock.GetUtcNow();
        Guid[] gone = [.. Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7())];
        await fixture.Hear(
            "customers",
            [
                .. gone.Select(c => Purchase(c, 50, now.AddDays(-200))),
                .. gone.Skip(2).Select(c => new Contracts.ConsentChanged(c, "marketing", "email", true, "v1", now.AddDays(-300))),
            ]
        );
        await fixture.Hear(
            "service-desk",
            new Contracts.TicketOpened(gone[2], Guid.CreateVersion7(), "complaint", "billing", "high", "email", now, now, now)
        );
        await fixture.JudgeChurn();
        (await LifetimeRoom.Refused(await fixture.Say(Plans, Plan("gone")))).ShouldBe("segment-unknown");
        await fixture.Publish("gone", new { silence = new { since = "purchase", atLeastDays = 180 } });
        (await LifetimeRoom.Refused(await fixture.Say(Plans, Plan("gone", 0.05m)))).ShouldBe("plan-no-holdout");
        var plan = await Planned(Plan("gone", cost: 3));
        (await LifetimeRoom.Refused(await fixture.Say($"{Plans}/{plan}/stop"))).ShouldBe("not-launched");

        var preview = await Json(await fixture.Say($"{Plans}/{plan}/preview"));
        var (treated, held) = (preview.GetProperty("treated").GetInt32(), preview.GetProperty("held").GetInt32());
        (treated + held).ShouldBe(57);
        held.ShouldBeInRange(3, 25);
        preview.GetProperty("excluded").GetRawText().ShouldBe("""{"no-consent":2,"open-complaint":1}""");
        (await Get(plan)).GetProperty("treated").ValueKind.ShouldBe(JsonValueKind.Null);

        (await fixture.Say($"{Plans}/{plan}/launch")).EnsureSuccessStatusCode();
        (await LifetimeRoom.Refused(await fixture.Say($"{Plans}/{plan}/launch"))).ShouldBe("already-launched");
        (await fixture.RunDue<OfferWinBacks>()).ShouldBe(treated);
        (await fixture.RunDue<OfferWinBacks>()).ShouldBe(0);
        var offered = new List<Guid>();
        foreach (var c in gone)
            if ((await fixture.Told(c)).OfType<Contracts.WinBackOffered>().ToList() is [var offer])
            {
                (offer.PlanId, offer.Offer).ShouldBe((plan, "free-shipping"));
                offered.Add(c);
            }
        offered.Count.ShouldBe(treated, "of those who are held out nothing is told");
        offered.ShouldNotContain(c => gone.Take(3).Contains(c));
        Guid[] others = [.. gone.Skip(3).Except(offered)];
        foreach (var c in others)
            (await fixture.Told(c)).Count.ShouldBe(1, "the declaration of churn");

        // The second plan finds nobody who was not just offered something but those who had been held out.
        var second = await Json(await fixture.Say($"{Plans}/{await Planned(Plan("gone"))}/preview"));
        second.GetProperty("excluded").GetProperty("offered-recently").GetInt32().ShouldBe(treated);
        await fixture.Publish("nobody", new { silence = new { since = "purchase", atLeastDays = 900 } });
        (await LifetimeRoom.Refused(await fixture.Say($"{Plans}/{await Planned(Plan("nobody"))}/launch"))).ShouldBe("audience-empty");

        // 20 of the treated ones buy in time, one of them too late; one of the held ones does, and one brings it back.
        fixture.Clock.Advance(TimeSpan.FromDays(31));
        var bought = now.AddDays(10);
        var kept = offered.Take(20).Select(c => Purchase(c, 30, bought)).ToList();
        var back = Purchase(others[1], 30, bought);
        await fixture.Hear(
            "customers",
            [
                .. kept,
                Purchase(offered[20], 30, now.AddDays(30).AddHours(1)),
                Purchase(others[0], 30, bought),
                back,
                GroupWorld.Returned(back, 30, wholly: true, bought.AddDays(1)),
            ]
        );
        await fixture.JudgeChurn();
        var measured = await Get(plan);
        (Side(measured, "treated"), Side(measured, "held")).ShouldBe(((treated, 20), (held, 1)));
        var uplift = Uplift.Of(20, treated, 1, held)!.Value;
        measured.GetProperty("uplift").GetProperty("low").GetDouble().ShouldBe(uplift.Low, 5e-5);
        measured.GetProperty("uplift").Text("verdict").ShouldBe(uplift.Low > 0 ? "works" : "not-proven");
        if (uplift.Low > 0)
            measured.GetProperty("uplift").GetProperty("costPerAdditional").GetDouble().ShouldBe(3 / uplift.Difference, .01);
        measured.GetProperty("over").GetBoolean().ShouldBeTrue();
        (await fixture.Told(offered[0])).OfType<Contracts.WonBack>().Single().PlanId.ShouldBe(plan);
        (await fixture.Told(offered[20])).OfType<Contracts.WonBack>().Single().PlanId.ShouldBeNull("too late");
        (await fixture.Episodes(offered[0]))[0].GetProperty("planId").GetGuid().ShouldBe(plan);

        // Who was forgotten is counted no more.
        await fixture.Hear("customers", new Contracts.CustomerForgotten(offered[0], fixture.Clock.GetUtcNow()));
        await fixture.JudgeChurn();
        Side(await Get(plan), "treated").ShouldBe((treated - 1, 19));
        (await fixture.Say($"{Plans}/{plan}/stop")).EnsureSuccessStatusCode();
        (await fixture.Get($"{Plans}?limit=200")).GetProperty("items").EnumerateArray().Last().Text("status").ShouldBe("stopped");
    }

    async Task<Guid> Planned(object plan)
    {
        var made = await fixture.Say(Plans, plan);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    Task<JsonElement> Get(Guid plan) => fixture.Get($"{Plans}/{plan}");

    static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    static (int, int) Side(JsonElement plan, string side) =>
        (plan.GetProperty(side).GetProperty("customers").GetInt32(), plan.GetProperty(side).GetProperty("wonBack").GetInt32());
}
