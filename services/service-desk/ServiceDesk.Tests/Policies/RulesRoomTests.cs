using System.Net;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenRules;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>Rules are published, hold for new tickets, and open ones follow when they are told to.</summary>
public class RulesRoomTests(RulesRoom room) : IClassFixture<RulesRoom>
{
    [Fact]
    public async Task published_rules_hold_for_new_tickets_and_open_ones_follow_when_told_to()
    {
        var (anna, bert) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var now = room.Clock.GetUtcNow();
        await room.Hear(
            "segmentation",
            new Contracts.SegmentEntered(anna, "vip", 1, "rule", now),
            new Contracts.SegmentEntered(bert, "vip", 1, "rule", now, Held: true)
        );
        var (before, berts) = (await room.Opened(anna), await room.Opened(bert));
        var due = await room.Due(before, "resolution");
        var vip = Policy("vip", 4, 12, p => (p.Segments, p.OnTierChange) = (["vip"], "keep"));
        var rules = new[] { Standard, vip };

        var soon = await room.Ask(HttpMethod.Put, "rules", RulesRoom.Body(now, rules), 422);
        soon.GetProperty("type").GetString().ShouldBe("urn:crm:rules-too-soon");
        var twins = await room.Ask(
            HttpMethod.Put,
            "rules",
            RulesRoom.Body(now.AddDays(1), [.. rules, Policy("b", 4, 12, p => p.Segments = ["x"])]),
            422
        );
        twins.GetProperty("type").GetString().ShouldBe("urn:crm:ambiguous");
        var bad = await room.Ask(HttpMethod.Put, "rules", RulesRoom.Body(now.AddDays(1), Policy("standard", 0, 12)), 400);
        bad.GetProperty("field").GetString().ShouldBe("policies[0].targets.low");

        var preview = await room.Ask(HttpMethod.Post, "rules/preview", RulesRoom.Body(now, rules));
        var annas = preview.GetProperty("changes").EnumerateArray().Single(c => c.GetProperty("ticketId").GetGuid() == before);
        (annas.GetProperty("newPolicy").GetString(), annas.GetProperty("newlyLate").GetBoolean()).ShouldBe(("vip", false));
        preview.GetProperty("otherPolicy").GetInt32().ShouldBe(1, "who is held out of the segment is not of it");
        (await room.Ask(HttpMethod.Get, "rules", null)).GetProperty("version").GetInt32().ShouldBe(0);

        var version = await room.Publish(rules);
        version.ShouldBe(1);
        var again = await room.Ask(HttpMethod.Put, "rules", RulesRoom.Body(now.AddDays(3), rules));
        again.GetProperty("version").GetInt32().ShouldBe(1, "the same is no new version");
        (await room.Ask(HttpMethod.Get, "rules", null)).GetProperty("by").GetString().ShouldNotBeNullOrEmpty();
        await room.Ask(HttpMethod.Get, "rules/7", null, 404);

        var why = await room.Get($"tickets/{await room.Opened(anna)}/why");
        (why.GetProperty("policyId").GetString(), why.GetProperty("rulesVersion").GetInt32()).ShouldBe(("vip", 1));
        why.GetProperty("match").GetProperty("segment").GetString().ShouldBe("vip");
        (await room.Due(before, "resolution")).ShouldBe(due, "what was promised stays");

        (await room.Migrate("only-shorten")).GetProperty("migrated").GetInt32().ShouldBe(1);
        (await room.Due(before, "resolution")).ShouldBe(due!.Value.AddHours(-12));
        (await room.Dues(before)).Distinct().Count().ShouldBe(2, "the promise and the list say the same, and the queue has the earliest");
        var log = (await room.Store.FetchStream(before)).Count;
        (await room.Migrate("both"))
            .GetProperty("migrated")
            .GetInt32()
            .ShouldBe(0, "it is of this version, and nothing else is due otherwise");
        (await room.Store.FetchStream(before)).Count.ShouldBe(log);
        why = await room.Get($"tickets/{before}/why");
        why.GetProperty("changes")[0].GetProperty("because").GetString().ShouldBe("migrated");
        why.GetProperty("queue").GetProperty("class").GetString().ShouldBe("within-8-hours");
        why.GetProperty("queue").GetProperty("ahead").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        await Problem(await room.Lead.GetAsync($"/api/service-desk/tickets/{Guid.CreateVersion7()}/why"), 404);
        (await room.Get($"tickets/{berts}/why")).GetProperty("match").GetProperty("by").GetString().ShouldBe("everybody");

        await room.Hear("segmentation", new Contracts.SegmentLeft(anna, "vip", 1, "rule", room.Clock.GetUtcNow()));
        (await room.Get($"tickets/{await room.Opened(anna)}/why")).GetProperty("policyId").GetString().ShouldBe("standard");
    }
}
