using System.Net;
using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Tests.Groups;
using CrmPlatform.Segmentation.Tests.Lifetime;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Churn;

/// <summary>Episodes over the real database and broker; θ is 90 days for who has bought less than four times.</summary>
public class ChurnTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    static readonly TimeSpan ms = TimeSpan.FromMilliseconds(1);

    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    async Task<Guid> Someone(params int[] boughtDaysAgo)
    {
        var id = Guid.CreateVersion7();
        await fixture.Hear(
            "customers",
            [
                new Contracts.CustomerRegistered(id, "individual", null, Now.AddDays(-900)),
                .. boughtDaysAgo.Select(d => Purchase(id, 50, Now.AddDays(-d))),
            ]
        );
        return id;
    }

    [Fact]
    public async Task who_is_silent_has_left_for_a_cause_and_is_won_back_by_a_purchase()
    {
        var (now, anna, ticket) = (Now, await Someone(200), Guid.CreateVersion7());
        var silence = now.AddDays(-200 + 90);
        await fixture.Hear(
            "service-desk",
            new Contracts.SlaBreached(anna, ticket, "resolution", silence.AddDays(-10)),
            new Contracts.SurveyAnswered(anna, ticket, "csat", 1, silence.AddDays(-5)),
            new Contracts.SurveyAnswered(anna, ticket, "csat", 1, silence.AddDays(5))
        );
        (await fixture.JudgeChurn()).ShouldBe(2);
        (await fixture.JudgeChurn()).ShouldBe(0);

        var episode = (await fixture.Episodes(anna)).ShouldHaveSingleItem();
        (episode.Text("state"), episode.Text("basis"), episode.Text("cause")).ShouldBe(("open", "silence", "service"));
        episode.Moment("since").ShouldBe(silence, ms);
        episode.Moment("declaredAt").ShouldBe(now.AddDays(-20), ms);
        episode.GetProperty("shares")[0].GetProperty("share").GetDouble().ShouldBe(.8179, "4.4921 / 5.4921");
        episode.GetProperty("evidence").GetArrayLength().ShouldBe(2);
        var id = episode.GetProperty("id").GetGuid();

        (
            await fixture.Say(
                $"churn/{anna}/cause",
                new
                {
                    cause = "competitor",
                    competitor = "tea-house",
                    by = "agent",
                }
            )
        ).EnsureSuccessStatusCode();
        await fixture.CatchUp();
        var stated = (await fixture.Get("churn?cause=competitor")).GetProperty("items")[0];
        (stated.Text("cause"), stated.Text("statedBy"), stated.Text("competitor")).ShouldBe(("competitor", "agent", "tea-house"));
        (await fixture.Get("churn/summary"))
            .EnumerateArray()
            .Single(m => m.Text("cause") == "competitor")
            .GetProperty("episodes")
            .GetInt32()
            .ShouldBe(1);

        // A purchase ends it, its return in whole opens it again, the next one ends it for good.
        var back = Purchase(anna, 70, now.AddDays(-3));
        await fixture.Hear("customers", back);
        await fixture.JudgeChurn();
        (await fixture.Episodes(anna))[0].Text("state").ShouldBe("closed");
        await fixture.Hear("customers", GroupWorld.Returned(back, 70, wholly: true, now.AddDays(-2)));
        await fixture.JudgeChurn();
        (await fixture.Episodes(anna))[0].Text("state").ShouldBe("open");
        await fixture.Hear("customers", Purchase(anna, 80, now.AddDays(-1)));
        await fixture.JudgeChurn();
        (await fixture.Told(anna)).ShouldBe(
            [
                new Contracts.ChurnDeclared(anna, id, "silence", episode.Moment("declaredAt")),
                new Contracts.WonBack(anna, id, null, Micro(now.AddDays(-3))),
                new Contracts.ChurnDeclared(anna, id, "silence", Now),
                new Contracts.WonBack(anna, id, null, Micro(now.AddDays(-1))),
            ],
            new Roughly()
        );

        // What was bought between is told late: the episode never was.
        await fixture.Hear("customers", Purchase(anna, 20, now.AddDays(-100)));
        await fixture.JudgeChurn();
        var revoked = (await fixture.Episodes(anna)).ShouldHaveSingleItem();
        (revoked.Text("state"), revoked.Text("reason")).ShouldBe(("revoked", "earlier-purchase"));
        (await fixture.Get("churn")).GetProperty("items").EnumerateArray().ShouldNotContain(e => e.GetProperty("id").GetGuid() == id);
    }

    [Fact]
    public async Task who_says_so_has_left_at_once_and_only_once()
    {
        var bert = await Someone(10);
        (await fixture.Say($"churn/{bert}/cancelled")).EnsureSuccessStatusCode();
        await fixture.JudgeChurn();
        (await fixture.Say($"churn/{bert}/cancelled")).EnsureSuccessStatusCode();
        fixture.Clock.Advance(TimeSpan.FromDays(400));
        await fixture.JudgeChurn();
        var episode = (await fixture.Episodes(bert)).ShouldHaveSingleItem();
        (episode.Text("basis"), episode.Text("cause")).ShouldBe(("cancelled", "unknown"));
        episode.Moment("declaredAt").ShouldBe(Now.AddDays(-400), TimeSpan.FromMinutes(1));

        var paul = await Someone();
        (await LifetimeRoom.Refused(await fixture.Say($"churn/{paul}/cancelled"))).ShouldBe("nothing-bought");
        (await LifetimeRoom.Refused(await fixture.Say($"churn/{paul}/cause", new { cause = "price", by = "agent" }))).ShouldBe(
            "no-episode"
        );
        (await fixture.Say($"churn/{Guid.CreateVersion7()}/cancelled")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_group_has_one_episode_and_who_was_forgotten_none()
    {
        var (anna, other) = (await Someone(400), await Someone(300));
        await fixture.JudgeChurn();
        (await fixture.Episodes(other)).ShouldHaveSingleItem();

        await fixture.Hear("customers", [.. GroupWorld.Linked(Now, anna, other)]);
        await fixture.JudgeChurn();
        foreach (var member in new[] { anna, other })
        {
            var states = (await fixture.Episodes(member)).Select(e => e.Text("state")).ToList();
            states.ShouldBe(["revoked", "open"], "their purchases are 100 days apart");
        }
        (await fixture.Told(other)).OfType<Contracts.ChurnRevoked>().Single().Reason.ShouldBe("merged");
        Open(await fixture.Get("churn")).ShouldBe([anna]);

        await fixture.Hear("customers", [.. GroupWorld.Parted(Now, anna, other)]);
        await fixture.JudgeChurn();
        Open(await fixture.Get("churn")).ShouldBe([anna, other], ignoreOrder: true);
        (await fixture.Told(other)).OfType<Contracts.ChurnDeclared>().Count().ShouldBe(2, "told again with its id");

        await fixture.Hear("customers", new Contracts.CustomerForgotten(other, Now));
        await fixture.Hear("customers", Purchase(other, 10, Now.AddDays(-1)));
        await fixture.JudgeChurn();
        Open(await fixture.Get("churn")).ShouldBe([anna]);
        (await fixture.Http("segmentation.read").GetAsync($"/api/segmentation/customers/{other}/churn")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await fixture.Store.FetchStream(CustomerChurn.Of(other).Id))[^1].Data.ShouldBeOfType<ChurnErased>();

        IEnumerable<Guid> Open(System.Text.Json.JsonElement page) =>
            page.GetProperty("items")
                .EnumerateArray()
                .Where(e => e.Text("state") == "open")
                .Select(e => e.GetProperty("customerId").GetGuid())
                .Where(c => c == anna || c == other);
    }

    static DateTimeOffset Micro(DateTimeOffset at) => at.AddTicks(-(at.Ticks % 10));

    /// <summary>Instants at which something became known are those of the clock.</summary>
    sealed class Roughly : IEqualityComparer<object>
    {
        public new bool Equals(object? one, object? other) => object.Equals(Bare(one), Bare(other));

        public int GetHashCode(object of) => 0;

        static object? Bare(object? of) =>
            of switch
            {
                Contracts.ChurnDeclared d => d with { OccurredAt = default },
                Contracts.WonBack w => w with { OccurredAt = w.OccurredAt.AddTicks(-(w.OccurredAt.Ticks % TimeSpan.TicksPerSecond)) },
                _ => of,
            };
    }
}
