using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Programme;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>A room of its own: rules are published in it, and its clock is moved.</summary>
public class ProgrammeTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static readonly EarningRule triple = new() { Name = "base", PerUnit = 3 };

    [Fact]
    public void a_version_is_numbered_dated_ahead_and_valid()
    {
        var publish = new PublishRules(Day(1), [triple]);
        var published = (RulesPublished)publish.Decide(LoyaltyProgramme.Initial, Rules(), "ann", Day(0)).Single();
        (published.Rules.Version, published.By).ShouldBe((2, "ann"));
        var programme = LoyaltyProgramme.Initial.Evolve(published);
        string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;
        Refused(() => publish.Decide(programme, Rules(), "ann", Day(0))).ShouldBe("effective-date-taken");
        Refused(() => publish.Decide(LoyaltyProgramme.Initial, Rules(), "ann", Day(1).AddSeconds(-59))).ShouldBe("effective-too-soon");
        Refused(() => new PublishRules(Day(1), []).Decide(LoyaltyProgramme.Initial, Rules(), "ann", Day(0))).ShouldBe("invalid-rules");
        Refused(() => PublishRules.Withdraw(programme, 2, "ann", Day(1))).ShouldBe("rules-in-force");
        programme = programme.Evolve(PublishRules.Withdraw(programme, 2, "ann", Day(0)).Single());
        ((RulesPublished)publish.Decide(programme, Rules(), "ann", Day(0)).Single()).Rules.Version.ShouldBe(
            3,
            "a number is not given twice"
        );
    }

    [Fact]
    public async Task a_preview_says_what_publishing_then_does_and_changes_nothing_that_was_awarded()
    {
        var (asked, buyer) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var from = LoyaltyRoom.Now.AddMinutes(2);
        decimal[] amounts = [120.50m, 700, 33.3m];
        object[] Buys(Guid customer) =>
            [LoyaltyRoom.Registered(customer), .. amounts.Select((net, i) => LoyaltyRoom.Purchase(customer, net, from.AddMinutes(i)))];
        await room.Hear("customers", Buys(asked));
        (await room.Balance(asked)).ShouldBe(853);

        var draft = new
        {
            rules = new object[]
            {
                new { name = "base", perUnit = 3 },
                new
                {
                    name = "welcome",
                    points = 50,
                    qualifying = 0,
                    when = new { firstPurchase = true },
                },
            },
            from,
        };
        room.Clock.Advance(TimeSpan.FromMinutes(10));
        var facts = (await room.Store.FetchStream(asked)).Count;
        var answer = await room.Everything.PostAsJsonAsync("/api/loyalty/rules/preview", draft);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var preview = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var mover = preview.GetProperty("movers").EnumerateArray().Single(m => m.GetProperty("customerId").GetGuid() == asked);
        (await room.Store.FetchStream(asked)).Count.ShouldBe(facts, "a preview writes nothing");
        room.Clock.Advance(TimeSpan.FromMinutes(-10));

        var published = await room.Everything.PostAsJsonAsync("/api/loyalty/rules", new { effectiveFrom = from, draft.rules });
        published.StatusCode.ShouldBe(HttpStatusCode.Created, await published.Content.ReadAsStringAsync());
        await room.Services.GetRequiredService<FollowProgramme>().Run(default);
        (await room.Balance(asked)).ShouldBe(853, "what was awarded stays as it is");
        await room.Hear("customers", Buys(buyer));
        room.Clock.Advance(TimeSpan.FromMinutes(10));
        var account = await room.Get($"accounts/{buyer}");
        (account.GetProperty("balance").GetInt64(), account.GetProperty("tier").GetString()).ShouldBe(
            (mover.GetProperty("toBalance").GetInt64(), mover.GetProperty("toTier").GetString())
        );
        account
            .GetProperty("lots")
            .EnumerateArray()
            .Select(l => (l.GetProperty("rule").GetString(), l.GetProperty("ruleVersion").GetInt32()))
            .ShouldBe([("base", 2), ("welcome", 2), ("base", 2), ("base", 2)], ignoreOrder: true);

        var shown = await room.Get("rules");
        shown
            .EnumerateArray()
            .Select(r => (r.GetProperty("version").GetInt32(), r.GetProperty("origin").GetString(), r.GetProperty("inForce").GetBoolean()))
            .ShouldBe([(1, "settings", false), (2, "published", true)]);
        (await room.Get("rules/2")).GetProperty("rules").GetArrayLength().ShouldBe(2);
        ((int)(await room.Everything.PostAsync("/api/loyalty/rules/2/withdraw", null)).StatusCode).ShouldBe(422);
        ((int)(await room.Everything.PostAsync("/api/loyalty/rules/9/withdraw", null)).StatusCode).ShouldBe(404);
        room.Clock.Advance(TimeSpan.FromMinutes(-10));
    }

    [Theory]
    [
        InlineData("""{}"""),
        InlineData("""{"rules":[]}"""),
        InlineData("""{"rules":[{"name":"x"}]}"""),
        InlineData("""{"scheme":{"tiers":[{"name":"Bronze","from":5}]}}""")
    ]
    [InlineData("""{"scheme":{"tiers":[{"name":"Bronze","from":0}]},"from":"2026-02-01T00:00:00Z","until":"2026-01-01T00:00:00Z"}""")]
    public async Task a_draft_that_contradicts_itself_is_refused(string body) =>
        (
            (int)
                (
                    await room.Everything.PostAsync(
                        "/api/loyalty/rules/preview",
                        new StringContent(body, System.Text.Encoding.UTF8, "application/json")
                    )
                ).StatusCode
        ).ShouldBe(422);
}
