using System.Net;
using System.Net.Http.Json;
using System.Text;
using CrmPlatform.Customers.Quality;
using static CrmPlatform.Customers.Tests.Quality.QualityFixture;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>Scores and findings of a room. A room of its own: all its customers count.</summary>
public sealed class QualityTests(QualityFixture room) : IClassFixture<QualityFixture>
{
    static readonly object[] agreed =
    [
        new
        {
            purpose = "marketing",
            channel = "email",
            granted = false,
            noticeVersion = "1",
        },
    ];

    static object Phone(string value, string? verifiedAt = null) =>
        new
        {
            kind = "phone",
            value,
            verifiedAt,
        };

    [Fact]
    public async Task a_score_is_shown_down_to_rule_weight_and_event()
    {
        var id = await room.Register(
            new
            {
                name = "诸葛质量",
                city = "深圳",
                language = "zh-CN",
            },
            [Phone("13812340001", "2026-04-01T00:00:00Z"), Phone("12")],
            consents: agreed
        );
        var quality = await room.Get($"{id}/quality");
        quality.GetProperty("completeness").GetDouble().ShouldBe(0.8333);
        quality.GetProperty("validity").GetDouble().ShouldBe(0.8);
        var now = quality.GetProperty("at").GetDateTimeOffset();
        var left = 1 - (now - new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)) / TimeSpan.FromDays(365);
        quality.GetProperty("timeliness").GetDouble().ShouldBe(left, 5e-5);
        quality.GetProperty("score").GetDouble().ShouldBe(100 * (0.4 * 10 / 12 + 0.3 * 0.8 + 0.3 * left), 0.051);
        var facts = await room.Store.FetchStream(id);
        var broken = quality.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("rule").GetString() == "phone-format");
        broken.GetProperty("sourceEvent").GetGuid().ShouldBe(facts[0].Id);
        broken.GetProperty("status").GetString().ShouldBe("open");
        quality.GetRawText().ShouldNotContain("诸葛质量");
        (await room.All().GetAsync($"/api/customers/{Guid.CreateVersion7()}/quality")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task findings_are_listed_by_rule_and_source_until_they_are_mended()
    {
        var source = "found";
        object profile = new { name = "诸葛问题" };
        var one = await room.Register(profile, [Phone("12")], [new { kind = "home", postalCode = "1" }], agreed, source);
        var other = await room.Register(profile, [Phone("13")], consents: agreed, source: source);
        await room.CatchUp();
        var all = await room.Findings($"source={source}");
        all.Count(f => f.Customer == one).ShouldBe(6, "birth date, city, gender, language, phone, postal code");
        all.ShouldBe([.. all.OrderBy(f => f.Customer).ThenBy(f => f.Rule, StringComparer.Ordinal)]);
        (await room.Findings($"source={source}&rule=phone-format")).Select(f => f.Customer).ShouldBe([one, other], ignoreOrder: true);
        (await room.Findings("source=nobody")).ShouldBeEmpty();
        await room.Revise(one, profile, [Phone("13812340002")]);
        await room.CatchUp();
        (await room.Findings($"source={source}&rule=phone-format")).ShouldBe([(other, "phone-format", "open")]);
        await room.Post($"{other}/forget", new { });
        (await room.Findings($"source={source}&rule=phone-format")).ShouldBeEmpty("in the transaction of the command");
        await room.CatchUp();
        (await room.Rows()).ShouldNotContain(other.ToString());
        (await room.All().GetAsync($"/api/customers/{other}/quality")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var refused = await room.All().GetAsync("/api/customers/quality/findings?rule=nonsense");
        (await Refused(refused)).ShouldBe("urn:crm:rule-unknown");
    }

    [Fact]
    public async Task the_view_says_what_the_facts_say_also_after_a_rebuild()
    {
        var id = await room.Register(
            new { name = "诸葛重算" },
            [Phone("13812340003", "2026-03-01T00:00:00Z"), Phone("14")],
            [new { kind = "home", city = "深圳" }],
            source: "rebuilt"
        );
        await room.Post(
            $"{id}/verifications",
            new
            {
                kind = "address",
                value = "home",
                method = "document",
                occurredAt = "2026-02-01T00:00:00Z",
            }
        );
        await room.Post($"{id}/consents", agreed[0]);
        await room.CatchUp();
        var before = await room.Rows();
        var facts = await room.Store.FetchStream(id);
        var told = Assessment.Of(facts, "CN")!;
        var now = Assessed.Now;
        var (_, row) = await Row(id);
        QualityScore.Of(row, QualityRules.Initial, now).ShouldBe(QualityScore.Of(told, QualityRules.Initial, now));
        before.ShouldNotContain("13812340003");
        before.ShouldNotContain("诸葛");
        (await room.All().PostAsync("/api/customers/ops/rebuild/customer-quality", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await room.Rows()).ShouldBe(before);

        async Task<(Guid, Assessment)> Row(Guid customer)
        {
            await using var connection = await room.Db.OpenConnectionAsync();
            await foreach (var found in QualityRows.Read(connection, "where customer_id = $1", default, customer))
                return found;
            throw new InvalidOperationException("no row");
        }
    }

    [Fact]
    public async Task what_was_verified_is_stale_at_its_instant()
    {
        var verified = room.Clock.GetUtcNow().AddDays(-364);
        var id = await room.Register(new { name = "诸葛过期" }, [Phone("13812340004", verified.ToString("O"))], source: "stale");
        await room.CatchUp();
        (await room.Findings("source=stale&rule=contact-stale")).ShouldBeEmpty();
        room.Clock.Advance(TimeSpan.FromDays(1));
        (await room.Findings("source=stale&rule=contact-stale")).ShouldBe([(id, "contact-stale", "open")]);
        var found = (await room.Get("quality/findings?source=stale&rule=contact-stale")).GetProperty("items")[0];
        found.GetProperty("since").GetDateTimeOffset().ShouldBe(verified.AddDays(365), TimeSpan.FromMilliseconds(1));
        (await room.Get($"{id}/quality")).GetProperty("timeliness").GetDouble().ShouldBe(0);
        await room.Post(
            $"{id}/verifications",
            new
            {
                kind = "phone",
                value = "13812340004",
                method = "sms",
            }
        );
        await room.CatchUp();
        (await room.Findings("source=stale&rule=contact-stale")).ShouldBeEmpty();
        (await room.Get($"{id}/quality")).GetProperty("timeliness").GetDouble().ShouldBe(1, 1e-3);
    }

    [Fact]
    public async Task many_at_once_are_assessed_whatever_page_they_are_in()
    {
        var rows = string.Join(
            '\n',
            Enumerable.Range(0, 700).Select(i => $"{i},bulk,名{i},{(i % 2 == 0 ? "12" : "13812340005")},marketing/email/1")
        );
        var csv = $"externalId,externalSystem,name,phone,consents\n{rows}\n";
        var answer = await room.All().PostAsync("/api/customers/imports/bulk/customers", new StringContent(csv, Encoding.UTF8, "text/csv"));
        (await answer.Content.ReadAsStringAsync()).Split("\"recorded\"").Length.ShouldBe(701);
        await room.CatchUp();
        var counts = (await room.Get("quality/summary")).GetProperty("findings").EnumerateArray();
        counts
            .Single(f => f.GetProperty("rule").GetString() == "phone-format")
            .GetProperty("open")
            .GetInt64()
            .ShouldBeGreaterThanOrEqualTo(350);
    }
}
