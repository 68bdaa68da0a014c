using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static CrmPlatform.Customers.Tests.Quality.QualityFixture;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>Rules are published, previewed, and refuse at the doors. A room of its own, whose rules each test sets.</summary>
public sealed class QualityRulesTests(QualityFixture room) : IClassFixture<QualityFixture>
{
    [Fact]
    public async Task what_a_preview_says_is_what_publishing_does()
    {
        await room.Publish(new { id = "name-missing", weight = 1 }, new { id = "phone-format", severity = "warn" });
        foreach (var phone in new[] { "12", "13812340001", "13", "13812340002" })
            await room.Register(new { name = "诸葛预览", gender = "female" }, [new { kind = "phone", value = phone }]);
        await room.Register(new { gender = "male" }, kind: "individual");
        await room.CatchUp();
        object[] rules =
        [
            new { id = "name-missing", weight = 3 },
            new { id = "gender-missing", weight = 1 },
            new { id = "phone-format", severity = "block" },
            new { id = "contact-stale", days = 30 },
        ];
        var preview = await room.Post("quality/rules/preview", new { rules });
        preview.GetProperty("before").GetRawText().ShouldNotBe(preview.GetProperty("after").GetRawText());
        var now = await room.Get("quality/summary");
        Shown(now).ShouldBe(Shown(preview.GetProperty("before")));
        await room.Publish(rules);
        var after = await room.Get("quality/summary");
        Shown(after).ShouldBe(Shown(preview.GetProperty("after")));
        after.GetProperty("rules").GetInt32().ShouldBe(now.GetProperty("rules").GetInt32() + 1);
        await room.Publish(rules);
        (await room.Get("quality/rules")).GetProperty("rules").GetInt32().ShouldBe(after.GetProperty("rules").GetInt32(), "the same again");

        static string Shown(JsonElement side) => side.GetProperty("bands").GetRawText() + side.GetProperty("findings").GetRawText();
    }

    [Fact]
    public async Task rules_that_others_published_since_the_preview_are_not_replaced()
    {
        object[] rules = [new { id = "name-missing", weight = 7 }];
        var version = (await room.Post("quality/rules/preview", new { rules })).GetProperty("version").GetInt64();
        await room.Publish(new { id = "name-missing", weight = 8 });
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/customers/quality/rules")
        {
            Content = JsonContent.Create(new { rules }),
        };
        request.Headers.Add("If-Match", $"\"{version}\"");
        (await room.All().SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task a_rule_that_blocks_refuses_at_every_door_and_finds_what_is_there()
    {
        await room.Publish();
        var there = await room.Register(new { name = "诸葛已在" }, [new { kind = "phone", value = "12" }], source: "blocked");
        await room.Publish(
            new
            {
                id = "phone-format",
                severity = "block",
                appliesTo = new { kind = "individual", source = "blocked" },
            },
            new
            {
                id = "name-missing",
                severity = "block",
                weight = 1,
                appliesTo = new { kind = "enterprise" },
            }
        );
        await room.CatchUp();
        (await room.Findings("rule=phone-format")).ShouldBe([(there, "phone-format", "open")]);
        object Body(string phone, string source, string? name = null, string kind = "individual") =>
            new
            {
                kind,
                source,
                profile = new { name },
                contacts = new[] { new { kind = "phone", value = phone } },
            };
        (await Refused(await Register(Body("12", "blocked")))).ShouldBe("urn:crm:quality-phone-format");
        (await Register(Body("12", "elsewhere"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Register(Body("13812340001", "blocked"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Refused(await Register(Body("13812340001", "blocked", kind: "enterprise")))).ShouldBe("urn:crm:quality-name-missing");
        var revised = await room.All()
            .PutAsJsonAsync(
                $"/api/customers/{there}/profile",
                new { profile = new { name = "诸葛已在" }, contacts = new[] { new { kind = "phone", value = "13" } } }
            );
        var problem = await Json(revised, HttpStatusCode.UnprocessableEntity);
        (problem.GetProperty("type").GetString(), problem.GetProperty("field").GetString()).ShouldBe(
            ("urn:crm:quality-phone-format", "contacts")
        );
        (await room.Store.FetchStream(there)).Count.ShouldBe(1, "a refused request leaves no trace");
        const string csv = "source,externalSystem,externalId,phone\nblocked,b,1,12\nblocked,b,2,13812340001\n";
        foreach (var query in new[] { "?dryRun=true", "" })
        {
            var answer = await room.All()
                .PostAsync($"/api/customers/imports/b/customers{query}", new StringContent(csv, Encoding.UTF8, "text/csv"));
            (await ImportWords.Rows(answer)).ShouldBe([
                "2 refused quality-phone-format phone",
                query.Length > 0 ? "3 would-record" : "3 recorded",
            ]);
        }
        await room.Publish();
        (await Register(Body("12", "blocked"))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("""{"id":"nonsense"}""", "rule-unknown", "rules[0].id")]
    [InlineData("""{"id":"phone-format","weight":2}""", "rule-incomplete", "rules[0].weight")]
    [InlineData("""{"id":"name-missing"}""", "rule-incomplete", "rules[0].weight")]
    [InlineData("""{"id":"contact-stale"}""", "rule-incomplete", "rules[0].days")]
    [InlineData("""{"id":"contact-stale","days":3,"severity":"block"}""", "rule-incomplete", "rules[0].severity")]
    [InlineData("""{"id":"phone-format"},{"id":"phone-format"}""", "rule-twice", "rules[1].id")]
    public async Task rules_that_say_nothing_sensible_are_refused(string rules, string code, string field)
    {
        var body = $$"""{"rules":[{{rules}}]}""";
        foreach (var (method, path) in new[] { (HttpMethod.Put, "quality/rules"), (HttpMethod.Post, "quality/rules/preview") })
        {
            using var request = new HttpRequestMessage(method, $"/api/customers/{path}")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            var problem = await Json(await room.All().SendAsync(request), HttpStatusCode.UnprocessableEntity);
            (problem.GetProperty("type").GetString(), problem.GetProperty("field").GetString()).ShouldBe(($"urn:crm:{code}", field));
        }
    }

    Task<HttpResponseMessage> Register(object body) => room.All().PostAsJsonAsync("/api/customers", body);
}
