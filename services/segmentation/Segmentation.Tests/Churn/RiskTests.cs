using System.Net;
using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Tests.Groups;
using CrmPlatform.Segmentation.Tests.Lifetime;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Churn;

public class RiskTests(LifetimeRoom fixture) : IClassFixture<LifetimeRoom>
{
    [Fact]
    public async Task a_warning_is_told_once_at_its_instant_and_reset_by_a_purchase()
    {
        var now = fixture.Clock.GetUtcNow();
        (await LifetimeRoom.Refused(await fixture.Client.GetAsync("/api/segmentation/churn/risks"))).ShouldBe("model-not-active");
        Guid kate = Guid.CreateVersion7(),
            lena = Guid.CreateVersion7();
        await fixture.Hear(
            "customers",
            [
                new Contracts.CustomerRegistered(kate, "individual", null, now.AddDays(-9)),
                .. new[] { 4, 2, 0 }.SelectMany(d => new[] { Purchase(kate, 40, now.AddDays(-d)), Purchase(lena, 60, now.AddDays(-d)) }),
            ]
        );
        await fixture.Settle();
        var model = await fixture.Fit(new { asOf = "1998-03-31" });
        (await fixture.Client.PostAsync($"{LifetimeRoom.Models}/{model}/activate", null)).EnsureSuccessStatusCode();
        await fixture.JudgeChurn();

        // Whoever has been away since 1998 is critical by the model; that is not an alarm.
        var old = CdnowShop.Id(3);
        (await fixture.Get($"customers/{old}/churn")).GetProperty("risk").Text("band").ShouldBe("critical");
        (await fixture.Told(old)).OfType<Contracts.ChurnRiskCrossed>().ShouldBeEmpty();
        (await fixture.Told(kate)).ShouldBeEmpty();

        fixture.Clock.Advance(TimeSpan.FromDays(30));
        var falls = (await fixture.Get($"customers/{kate}/lifetime"))
            .GetProperty("falls")
            .EnumerateArray()
            .Select(f => f.Moment("at"))
            .ToList();
        fixture.Clock.Advance(falls[2].AddDays(20) - fixture.Clock.GetUtcNow());
        await fixture.JudgeChurn();
        (await fixture.JudgeChurn()).ShouldBe(0);
        var episode = (await fixture.Episodes(kate)).ShouldHaveSingleItem();
        (episode.Text("basis"), episode.Moment("declaredAt"), episode.Moment("warnedAt")).ShouldBe(
            ("p-alive", falls[2].AddDays(14), falls[0])
        );
        episode.GetProperty("leadDays").GetDouble().ShouldBe((falls[2].AddDays(14) - falls[0]).TotalDays, .05);
        (await fixture.Told(kate)).ShouldBe([
            new Contracts.ChurnRiskCrossed(kate, "ok", "watch", model, falls[0]),
            new Contracts.ChurnRiskCrossed(kate, "watch", "risk", model, falls[1]),
            new Contracts.ChurnRiskCrossed(kate, "risk", "critical", model, falls[2]),
            new Contracts.ChurnDeclared(kate, episode.GetProperty("id").GetGuid(), "p-alive", falls[2].AddDays(14)),
        ]);
        var story = await fixture.Get($"churn/episodes/{episode.GetProperty("id").GetGuid()}");
        story.GetProperty("lastGood").Text("what").ShouldBe("purchase");
        story.GetProperty("timeline").EnumerateArray().Count(m => m.Text("what") is "risk" or "purchase").ShouldBe(6);

        // Somebody who bought in time is ok again: a fact, and told by nobody.
        var back = falls[1].AddDays(3);
        await fixture.Hear("customers", Purchase(kate, 40, back));
        await fixture.JudgeChurn();
        var again = await fixture.Get($"customers/{kate}/churn");
        (again.GetProperty("risk").Text("band"), again.GetProperty("episodes")[0].Text("state")).ShouldBe(("ok", "revoked"));
        (await fixture.Told(kate)).Count.ShouldBe(5, "the revocation besides");

        // The queue: with what is at stake, and without those who have left already.
        (await Queue()).ShouldBeEmpty();
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var mia = Guid.CreateVersion7();
        var monday = fixture.Clock.GetUtcNow();
        await fixture.Hear("customers", [.. new[] { 90, 85, 80 }.Select(d => Purchase(mia, 60, monday.AddDays(-d)))]);
        await fixture.JudgeChurn();
        var row = (await Queue()).ShouldHaveSingleItem();
        row.GetProperty("customerId").GetGuid().ShouldBe(mia);
        var life = await fixture.Get($"customers/{mia}/lifetime");
        var (alive, clv) = (row.GetProperty("alive").GetDouble(), row.GetProperty("clv").GetDecimal());
        (alive, clv).ShouldBe((life.GetProperty("alive").GetDouble(), life.GetProperty("clv").GetDecimal()));
        row.GetProperty("valueAtStake").GetDouble().ShouldBe((double)clv * (1 - alive), .01);

        async Task<List<System.Text.Json.JsonElement>> Queue() =>
            [
                .. (await fixture.Get("churn/risks?limit=200"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Where(r => r.GetProperty("customerId").GetGuid().ToString()[..4] != "0000"),
            ];
    }
}
