using System.Net;
using System.Text;
using System.Text.Json;
using CrmPlatform.Customers.Identity;
using CrmPlatform.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Customers.Tests;

/// <summary>The queue as a whole, and what is common. A room of its own: it counts its customers.</summary>
public sealed class MatchQueueTests(IdentityFixture room) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task the_likeliest_come_first_and_pages_hold_each_once()
    {
        foreach (var (name, mail) in new[] { ("王芳", "p1@shop.cn"), ("诸葛页", "p2@shop.cn"), ("欧阳页", "p3@shop.cn") })
        {
            await room.Register(name, mail, source: "first");
            await room.Register(name, mail, source: "second");
        }
        await room.CatchUp();
        var whole = await room.Queue("source=first&limit=200");
        whole.Count.ShouldBe(3);
        whole
            .Select(c => c.GetProperty("weight").GetDouble())
            .ShouldBe(whole.Select(c => c.GetProperty("weight").GetDouble()).OrderDescending());
        var (read, after) = (new List<string>(), "");
        do
        {
            var page = await room.Get($"candidates?source=second&limit=1{after}");
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(c => c.GetRawText()));
            after = page.GetProperty("next").GetString() is { } next ? $"&after={Uri.EscapeDataString(next)}" : "";
        } while (after.Length > 0);
        read.ShouldBe(whole.Select(c => c.GetRawText()));
        (await room.Queue("source=third")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("status=closed", "status")]
    [InlineData("status=1", "status")]
    [InlineData("reason=none!", "reason")]
    [InlineData("after=1_2", "after")]
    [InlineData("after=NaN_1_00000000000000000000000000000000", "after")]
    [InlineData("limit=0", "limit")]
    public async Task a_question_that_is_wrong_is_refused_with_its_field(string query, string field)
    {
        var answer = await CustomersFixture.Json(
            await room.All().GetAsync($"/api/customers/candidates?{query}"),
            HttpStatusCode.BadRequest
        );
        answer.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task a_value_of_many_customers_is_generic_and_tells_nothing()
    {
        // The same phone of a shop's counter, under rare names that all differ.
        const string phone = "+8613955556666";
        for (var i = 0; i < 4; i++)
            await room.Register($"诸葛{(char)('甲' + i)}柜", $"counter{i}@shop.cn", phone);
        var (one, other) = (await room.Register("司马双人", "s1@shop.cn", phone), await room.Register("司马双人", "s2@shop.cn", phone));
        await room.CatchUp();
        (await room.Queue($"customerId={other}")).ShouldBeEmpty("the phone says nothing, the name alone is not enough");
        var found = await Compare(one);
        found.Score.Lines.ShouldContain(new MatchLine("mobile", "generic", 0));
        found.Score.Lines.ShouldContain(l => l.Comparison == "base");

        async Task<Match> Compare(Guid customer)
        {
            var matches = room.Services.GetRequiredService<FindMatches>();
            var own = matches.Open((await room.Store.FetchStream(customer))[0])!;
            return (await matches.Of(new SoughtProfile(own.Profile, customer, []), default)).Single(m => m.CustomerId == other);
        }
    }

    [Fact]
    public async Task of_a_common_key_100_are_compared_and_a_key_of_more_than_200_finds_nobody()
    {
        var matches = room.Services.GetRequiredService<FindMatches>();
        var profile = People.Person(identifiers: People.Mobile(value: "+8613977778888"));
        await Import("first", Enumerable.Range(0, FindMatches.TooCommon));
        (await matches.Of(new SoughtProfile(profile, null, []), default)).Count.ShouldBe(FindMatches.MostScored);
        await Import("last", [FindMatches.TooCommon]);
        (await matches.Of(new SoughtProfile(profile, null, []), default)).ShouldBeEmpty();

        async Task Import(string id, IEnumerable<int> customers)
        {
            var rows = customers.Select(i =>
                JsonSerializer.Serialize(
                    new
                    {
                        kind = "individual",
                        profile = new { name = $"Counter {i}" },
                        contacts = new[] { new { kind = "phone", value = "+8613977778888" } },
                    }
                )
            );
            using var body = new StringContent(string.Join('\n', rows), Encoding.UTF8, "application/x-ndjson");
            var answer = await room.All().PostAsync($"/api/customers/imports/{id}/customers", body);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("refused");
        }
    }

    [Fact]
    public async Task names_that_three_have_are_counted_and_rarer_ones_follow_their_surname()
    {
        var counts = room.Services.GetRequiredService<NameCounts>();
        for (var i = 0; i < 3; i++)
            await room.Register("钟离数", $"count{i}@shop.cn");
        await room.CatchUp(); // the follower notes them, too
        await counts.Run(default);
        counts.ShareOf(MatchName.OfPerson("钟离数")!).ShouldBe(3d / counts.Customers, 1e-12);
        counts.ShareOf(MatchName.OfPerson("王数")!).ShouldBe(Math.Min(3d / counts.Customers, Surnames.Share("王")!.Value));
        counts.ShareOf(MatchName.OfPerson("Ann Lee")!).ShouldBe(3d / counts.Customers);
        var before = counts.Customers;
        await counts.Note(5, default);
        counts.Customers.ShouldBe(before + 5);
        await counts.Note((int)before + 101, default);
        counts.Customers.ShouldBe(before, "counted again, when they had more than doubled");
    }
}
