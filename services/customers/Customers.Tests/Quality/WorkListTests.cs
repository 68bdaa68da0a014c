using System.Net;
using System.Net.Http.Json;
using static CrmPlatform.Customers.Tests.Quality.QualityFixture;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>Findings are waived, and put on lists for those who mend profiles. A room of its own.</summary>
public sealed class WorkListTests(QualityFixture room) : IClassFixture<QualityFixture>
{
    static object Phone(string value) => new { kind = "phone", value };

    [Fact]
    public async Task a_waived_finding_costs_nothing_until_its_field_changes()
    {
        var id = await room.Register(new { name = "诸葛豁免" }, [Phone("12")], source: "waived");
        await Waive(id, "phone-format", "foreigner");
        var version = (await room.Store.FetchStream(id)).Count;
        await Waive(id, "phone-format", "foreigner");
        (await room.Store.FetchStream(id)).Count.ShouldBe(version, "the same again");
        await room.CatchUp();
        (await Status(id)).ShouldBe("waived");
        (await room.Findings("source=waived&status=waived")).ShouldBe([(id, "phone-format", "waived")]);
        (await room.Get($"{id}/quality")).GetProperty("validity").GetDouble().ShouldBe(1);
        await room.Revise(id, new { name = "诸葛豁免二" }, [Phone("12")]);
        await room.CatchUp();
        (await Status(id)).ShouldBe("waived", "another field changed");
        await room.Revise(id, new { name = "诸葛豁免二" }, [Phone("13")]);
        await room.CatchUp();
        (await Status(id)).ShouldBe("open");
        (await room.Get($"{id}/quality")).GetProperty("validity").GetDouble().ShouldBe(0.8);
    }

    [Fact]
    public async Task a_waiver_ends_at_its_instant()
    {
        var id = await room.Register(new { name = "诸葛到期" }, [Phone("12")], source: "until");
        var until = room.Clock.GetUtcNow().AddDays(10);
        await Waive(id, "phone-format", "asked", until);
        await room.CatchUp();
        (await Status(id)).ShouldBe("waived");
        room.Clock.Advance(TimeSpan.FromDays(10));
        (await Status(id)).ShouldBe("open");
        (await room.Get($"{id}/quality")).GetProperty("validity").GetDouble().ShouldBe(0.8);
    }

    [Fact]
    public async Task what_is_no_finding_cannot_be_waived()
    {
        var id = await room.Register(new { name = "诸葛无误" }, [Phone("13812340001")]);
        (await Refused(await Ask(id, "phone-format", "asked"))).ShouldBe("urn:crm:no-such-finding");
        (await Refused(await Ask(id, "industry-missing", "asked"))).ShouldBe("urn:crm:no-such-finding", "a rule for companies");
        (await Refused(await Ask(id, "nonsense", "asked"))).ShouldBe("urn:crm:rule-unknown");
        (await Refused(await Ask(id, "city-missing", "asked", room.Clock.GetUtcNow().AddSeconds(-1)))).ShouldBe("urn:crm:until-is-past");
        (await Refused(await Ask(Guid.CreateVersion7(), "city-missing", "asked"))).ShouldBe("urn:crm:customer-unknown");
        (await room.Store.FetchStream(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_list_by_rule_shows_how_many_are_mended()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++)
            ids.Add(await room.Register(new { name = "诸葛清单" }, [Phone($"1{i}")], source: "listed"));
        await room.CatchUp();
        var made = await room.Post(
            "quality/work-lists",
            new
            {
                name = "phones",
                rule = "phone-format",
                source = "listed",
                most = 3,
            },
            HttpStatusCode.Created
        );
        var list = $"quality/work-lists/{made.GetProperty("id").GetGuid()}";
        ids.Sort();
        (await Items(list)).ShouldBe([.. ids.Take(3).Select(id => (id, false))]);
        await room.Revise(ids[1], new { name = "诸葛清单" }, [Phone("13812340002")]);
        await Waive(ids[2], "phone-format", "asked");
        await room.CatchUp();
        (await Items(list)).ShouldBe([(ids[0], false), (ids[1], true), (ids[2], true)]);
        await room.Post($"{ids[0]}/forget", new { });
        var shown = (await room.Get(list)).GetProperty("list");
        (shown.GetProperty("customers").GetInt32(), shown.GetProperty("done").GetInt32()).ShouldBe((3, 3));
        (await room.Get("quality/work-lists?limit=200"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(l => l.GetRawText())
            .ShouldContain(shown.GetRawText());
        (await room.All().GetAsync($"/api/customers/quality/work-lists/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );

        async Task<List<(Guid, bool)>> Items(string path)
        {
            var (items, after) = (new List<(Guid, bool)>(), "");
            do
            {
                var page = await room.Get($"{path}?limit=2{(after.Length > 0 ? $"&after={after}" : "")}");
                items.AddRange(
                    page.GetProperty("items")
                        .EnumerateArray()
                        .Select(i => (i.GetProperty("customerId").GetGuid(), i.GetProperty("done").GetBoolean()))
                );
                after = page.GetProperty("next").GetString() ?? "";
            } while (after.Length > 0);
            return items;
        }
    }

    [Fact]
    public async Task a_list_by_band_begins_with_the_lowest_score()
    {
        var better = await room.Register(new { name = "诸葛分档", city = "深圳" }, source: "banded");
        var worst = await room.Register(new { }, source: "banded");
        await room.CatchUp();
        var made = await room.Post("quality/work-lists", new { band = "poor", source = "banded" }, HttpStatusCode.Created);
        var list = $"quality/work-lists/{made.GetProperty("id").GetGuid()}";
        (await room.Get(list))
            .GetProperty("items")
            .EnumerateArray()
            .Select(i => i.GetProperty("customerId").GetGuid())
            .ShouldBe([worst, better]);
        await room.Revise(
            better,
            new
            {
                name = "诸葛分档",
                city = "深圳",
                language = "zh-CN",
                gender = "male",
            },
            [
                new
                {
                    kind = "phone",
                    value = "13812340003",
                    verifiedAt = room.Clock.GetUtcNow().ToString("O"),
                },
            ]
        );
        await room.CatchUp();
        (await room.Get(list)).GetProperty("list").GetProperty("done").GetInt32().ShouldBe(1);
        (
            await Refused(await room.All().PostAsJsonAsync("/api/customers/quality/work-lists", new { band = "good", source = "nobody" }))
        ).ShouldBe("urn:crm:nothing-to-mend");
        (await room.All().PostAsJsonAsync("/api/customers/quality/work-lists", new { name = "x" })).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );
    }

    async Task<string> Status(Guid id) =>
        (await room.Get($"{id}/quality"))
            .GetProperty("lines")
            .EnumerateArray()
            .Single(l => l.GetProperty("rule").GetString() == "phone-format")
            .GetProperty("status")
            .GetString()!;

    async Task Waive(Guid id, string rule, string reason, DateTimeOffset? until = null) => await Json(await Ask(id, rule, reason, until));

    Task<HttpResponseMessage> Ask(Guid customerId, string rule, string reason, DateTimeOffset? until = null) =>
        room.All()
            .PostAsJsonAsync(
                "/api/customers/quality/findings/waive",
                new
                {
                    customerId,
                    rule,
                    reason,
                    until,
                }
            );
}
