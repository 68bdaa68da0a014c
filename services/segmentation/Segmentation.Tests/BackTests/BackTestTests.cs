using System.Net;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmPlatform.Segmentation.BackTests;
using CrmPlatform.Segmentation.Tests.Definitions;
using CrmPlatform.Segmentation.Tests.Groups;
using static CrmPlatform.Segmentation.Tests.Lifetime.LifetimeRoom;

namespace CrmPlatform.Segmentation.Tests.BackTests;

/// <summary>The orders of the R package rfm, through the broker and the room, against what is measured without it.</summary>
public sealed class BackTestTests(RfmShop shop) : IClassFixture<RfmShop>
{
    const string Url = "/api/segmentation/back-tests";
    static readonly object question = new
    {
        cut = "2005-12-31",
        days = 365,
        definition = "year",
    };

    static readonly object another = new { cut = "2005-12-31", days = 200 };

    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    HttpClient Client => shop.Http("segmentation.read", "segmentation.run");

    [Fact]
    public async Task the_room_finds_what_was_published_and_shows_who_is_behind_it()
    {
        var id = await Ask(question, HttpStatusCode.Created);
        (await Ask(question, HttpStatusCode.OK)).ShouldBe(id, "the same data");
        var shown = await shop.Get($"back-tests/{id}");
        var expected = Shops.View(Shops.Test(Shops.Rfm, new(2005, 12, 31), 365, seed: id, by: Shops.OneYear));
        shown.GetProperty("verdict").GetString().ShouldBe("no-better-than-chance");
        Same("ranking", expected.Ranking);
        Same("schemes", expected.Schemes);
        Same("migration", expected.Migration);
        (shown.GetProperty("customers").GetInt32(), shown.GetProperty("new").GetInt32()).ShouldBe((expected.Customers, expected.New));
        shown.GetProperty("newRevenue").GetDecimal().ShouldBe(expected.NewRevenue);
        shown.GetProperty("measuredBy").GetProperty("windowDays").GetInt32().ShouldBe(365);
        await shop.Daemon.Rebuild("back-tests");
        (await shop.Get($"back-tests/{id}")).GetRawText().ShouldBe(shown.GetRawText());

        // The sums of the customers of each class are the numbers.
        foreach (var scheme in expected.Schemes)
        foreach (var c in scheme.Classes.Where(c => c.Customers >= ClassCount.Fewest || scheme.Scheme == "segment"))
        {
            var them = await Customers(id, $"scheme={scheme.Scheme}&class={Uri.EscapeDataString(c.Class)}");
            them.Count.ShouldBe(c.Customers);
            if (c.Customers < ClassCount.Fewest)
                continue;
            them.Sum(m => m.GetProperty("revenue").GetDecimal()).ShouldBe(c.RevenueNow!.Value);
            them.Sum(m => m.GetProperty("revenueNext").GetDecimal()).ShouldBe(c.RevenueNext!.Value);
            Share(them, m => m.GetProperty("ordersNext").GetInt64() == 0).ShouldBe(c.InactiveNext!.Value, .00005);
        }
        foreach (var row in expected.Migration)
            Share(await Customers(id, $"class={row.From}"), m => m.GetProperty("abcNext").GetString() == "A")
                .ShouldBe((double)row.A!.Value, .0001);
        var strangers = await Customers(id, "class=new");
        strangers.Count.ShouldBe(expected.New);
        strangers.Sum(m => m.GetProperty("revenueNext").GetDecimal()).ShouldBe(expected.NewRevenue);
        strangers.ShouldAllBe(m => m.GetProperty("lastOrder").ValueKind == JsonValueKind.Null && m.GetProperty("orders").GetInt64() == 0);
        var all = await Customers(id, "limit=13");
        all.Count.ShouldBe(expected.Customers + expected.New);
        all.Select(m => m.GetProperty("customerId").GetGuid()).ShouldBeUnique();

        void Same<T>(string name, T value) => shown.GetProperty(name).GetRawText().ShouldBe(JsonSerializer.Serialize(value, json));

        static double Share(List<JsonElement> of, Func<JsonElement, bool> who) => (double)of.Count(who) / of.Count;
    }

    [Fact]
    public async Task lists_are_newest_first_and_other_questions_are_other_back_tests()
    {
        await Ask(another);
        var (shorter, plain) = (
            await Ask(new { cut = "2005-12-31", days = 100 }, HttpStatusCode.Created),
            await Ask(new { cut = "2005-12-30", days = 100 }, HttpStatusCode.Created)
        );
        var first = await shop.Get("back-tests?limit=1");
        first.GetProperty("items")[0].GetProperty("id").GetGuid().ShouldBe(plain);
        first.GetProperty("items")[0].GetProperty("measuredBy").GetString().ShouldBe("default");
        var second = await shop.Get($"back-tests?limit=1&after={first.GetProperty("next").GetString()}");
        second.GetProperty("items")[0].GetProperty("id").GetGuid().ShouldBe(shorter);
    }

    [Fact]
    public async Task many_at_once_are_one_back_test()
    {
        await Ask(another);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Client.PostAsJsonAsync(Url, new { cut = "2005-11-30", days = 30 }))
        );
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.ShouldAllBe(a =>
            a.StatusCode == HttpStatusCode.Created || a.StatusCode == HttpStatusCode.OK || a.StatusCode == HttpStatusCode.TooManyRequests
        );
    }

    [Fact]
    public async Task what_cannot_be_tested_is_refused_and_leaves_no_trace()
    {
        var id = await Ask(another);
        var before = (await shop.Get("back-tests?limit=200")).GetProperty("items").GetArrayLength();
        var today = DateOnly.FromDateTime(shop.Clock.GetUtcNow().AddHours(-5).DateTime);
        foreach (
            var (body, type) in new (object, string)[]
            {
                (new { cut = today.AddDays(-30), days = 30 }, "period-not-over"),
                (new { cut = "9999-12-31", days = 3650 }, "period-not-over"),
                (new { cut = "2000-12-31", days = 30 }, "nobody-to-score"),
                (new { cut = "0001-01-01", days = 30 }, "nobody-to-score"),
                (
                    new
                    {
                        cut = "0001-01-01",
                        days = 30,
                        definition = "year",
                    },
                    "nobody-to-score"
                ),
                (
                    new
                    {
                        cut = "2005-12-31",
                        days = 30,
                        definition = "nobodys",
                    },
                    "definition-unknown"
                ),
            }
        )
            (await Refused(await Client.PostAsJsonAsync(Url, body))).ShouldBe(type);
        using var run = await Client.PostAsJsonAsync("/api/segmentation/runs", new { asOf = "0001-01-01", definition = "year" });
        (await Refused(run)).ShouldBe("nobody-to-score", "a window that begins before the calendar");
        foreach (
            var body in new object[]
            {
                new { cut = "2005-12-31" },
                new { cut = "2005-12-31", days = 0 },
                new { cut = "2005-12-31", days = 3651 },
                new { cut = "soon", days = 30 },
                new { days = 30 },
            }
        )
            (await Client.PostAsJsonAsync(Url, body)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var query in new[] { "class=D", "scheme=rfm", "scheme=abc&class=Champions", "limit=0", "after=x" })
            (await Client.GetAsync($"{Url}/{id}/customers?{query}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, query);
        foreach (var path in new[] { $"{Guid.CreateVersion7()}", $"{Guid.CreateVersion7()}/customers" })
            (await Client.GetAsync($"{Url}/{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await shop.Get("back-tests?limit=200")).GetProperty("items").GetArrayLength().ShouldBe(before);
    }

    async Task<Guid> Ask(object body, HttpStatusCode? expected = null)
    {
        await shop.Told();
        await shop.Publish("year", new { name = "One year", windowDays = 365 });
        using var answer = await Client.PostAsJsonAsync(Url, body);
        if (expected is not null)
            answer.StatusCode.ShouldBe(expected.Value, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    async Task<List<JsonElement>> Customers(Guid id, string query)
    {
        var all = new List<JsonElement>();
        for (var after = ""; after is not null; )
        {
            var page = await shop.Get($"back-tests/{id}/customers?{query}{after}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString() is { } next ? "&after=" + next : null;
        }
        return all;
    }
}
