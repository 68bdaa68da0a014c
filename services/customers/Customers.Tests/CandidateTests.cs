using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Customers.Tests;

/// <summary>Who may be the same is found, shown and decided. A room of its own: its tables are looked at.</summary>
public sealed class CandidateTests(IdentityFixture room) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task two_customers_who_look_alike_wait_in_the_queue_with_what_speaks_for_it()
    {
        var (one, other) = (await room.Register("诸葛排队", "queue@shop.cn"), await room.Register("诸葛排队", "queue@shop.cn"));
        await room.CatchUp();
        var listed = (await room.Queue($"customerId={one}")).ShouldHaveSingleItem();
        new[] { listed.GetProperty("first").GetGuid(), listed.GetProperty("second").GetGuid() }.ShouldBe([one, other], ignoreOrder: true);
        listed.GetProperty("reason").GetString().ShouldBe("review");
        (await room.Queue($"customerId={other}&reason=limited")).ShouldBeEmpty();
        var candidate = await room.Get($"candidates/{listed.GetProperty("id").GetGuid()}");
        candidate
            .GetProperty("lines")
            .EnumerateArray()
            .Select(l => $"{l.GetProperty("comparison")}:{l.GetProperty("level")}:{l.GetProperty("bits").GetDouble():0.####}")
            .ShouldBe(["email:equal:2", "name:exact:14"]);
        candidate.GetProperty("weight").GetDouble().ShouldBe(16, 1e-9);
        candidate.GetProperty("first").GetProperty("details").GetProperty("name").GetString().ShouldBe("诸葛排队");
        (await room.Database.Dump()).ShouldNotContain("queue@shop.cn");
    }

    [Fact]
    public async Task without_personal_read_the_waterfall_is_shown_and_no_value()
    {
        await room.Register("诸葛隐名", "hidden@shop.cn");
        var one = await room.Register("诸葛隐名", "hidden@shop.cn");
        await room.CatchUp();
        var id = (await room.Queue($"customerId={one}")).ShouldHaveSingleItem().GetProperty("id").GetGuid();
        var http = room.Http("customers.identity.read");
        var text = await http.GetStringAsync($"/api/customers/candidates/{id}");
        text.ShouldContain("\"email\"");
        text.ShouldNotContain("诸葛隐名");
        text.ShouldNotContain("hidden@shop.cn");
        var asked = await http.PostAsJsonAsync("/api/customers/identity/resolve", IdentityFixture.Asked("诸葛隐名", "hidden@shop.cn"));
        await CustomersFixture.Json(asked, HttpStatusCode.Forbidden);
        var before = await Reads();
        (await room.Resolve("诸葛隐名", "hidden@shop.cn")).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await room.All().GetAsync($"/api/customers/candidates/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Reads()).ShouldBe(before + 2, "whose text is shown is recorded");

        async Task<int> Reads() => (await room.Get($"personal-reads?customerId={one}")).GetProperty("items").GetArrayLength();
    }

    [Fact]
    public async Task what_is_asked_for_is_compared_and_not_kept()
    {
        var one = await room.Register("诸葛试问", "asked@shop.cn");
        var answer = await room.Resolve("诸葛试问", "asked@shop.cn");
        var found = answer.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        found.GetProperty("customerId").GetGuid().ShouldBe(one);
        found.GetProperty("details").GetProperty("name").GetString().ShouldBe("诸葛试问");
        found
            .GetProperty("lines")
            .EnumerateArray()
            .Sum(l => l.GetProperty("bits").GetDouble())
            .ShouldBe(found.GetProperty("weight").GetDouble(), 1e-9);
        (await room.Resolve("李四海", "asked@shop.cn")).GetProperty("items").GetArrayLength().ShouldBe(0, "the name speaks against it");
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_rejection_holds_until_an_identifier_changes()
    {
        var (one, other) = (await room.Register("诸葛不是", "no@shop.cn"), await room.Register("诸葛不是", "no@shop.cn"));
        await room.CatchUp();
        var id = Candidate.IdOf(one, other);
        await CustomersFixture.Json(await room.Reject(id, "family"));
        (await room.Queue($"customerId={one}")).ShouldBeEmpty();
        (await room.Get($"candidates/{id}")).GetProperty("rejectedBecause").GetString().ShouldBe("family");
        await CustomersFixture.Json(await room.Reject(id, "family"));

        await room.Revise(other, "诸葛不是也", "no@shop.cn");
        await room.Revise(other, "诸葛不是", "no@shop.cn");
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).ShouldBeEmpty("the identifiers are as they were");

        await room.Revise(other, "诸葛不是", "no@shop.cn", "+8613911112222");
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).Count.ShouldBe(1, "an identifier came");
    }

    [Fact]
    public async Task a_rejection_on_a_version_that_was_replaced_is_refused()
    {
        var (one, other) = (await room.Register("诸葛过时", "old@shop.cn"), await room.Register("诸葛过时", "old@shop.cn"));
        await room.CatchUp();
        var id = Candidate.IdOf(one, other);
        await room.Revise(one, "诸葛过时", "old@shop.cn", "+8613933334444");
        await room.CatchUp();
        (await room.Reject(id, "family", ifMatch: 1)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await room.Reject(Guid.CreateVersion7(), "family")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await room.Reject(id, "family", ifMatch: 2)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task who_no_longer_looks_alike_is_withdrawn_and_may_come_back()
    {
        var (one, other) = (await room.Register("诸葛改名", "renamed@shop.cn"), await room.Register("诸葛改名", "renamed@shop.cn"));
        await room.CatchUp();
        await room.Revise(other, "李改名", "elsewhere@shop.cn");
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).ShouldBeEmpty();
        (await room.Queue($"customerId={one}&status=withdrawn")).Count.ShouldBe(1);
        var refused = await room.Reject(Candidate.IdOf(one, other), "family");
        (await CustomersFixture.Json(refused, HttpStatusCode.UnprocessableEntity))
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:candidate-withdrawn");
        await room.Revise(other, "诸葛改名", "renamed@shop.cn");
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task who_is_forgotten_is_in_no_key_at_once_and_in_no_queue_soon()
    {
        var (one, other) = (await room.Register("诸葛遗忘", "gone@shop.cn"), await room.Register("诸葛遗忘", "gone@shop.cn"));
        await room.CatchUp();
        (await room.Keys(one)).ShouldBeGreaterThan(0);
        await room.All().PostAsJsonAsync($"/api/customers/{one}/forget", new { });
        (await room.Keys(one)).ShouldBe(0, "in the transaction of the command");
        await room.CatchUp();
        (await room.Queue($"customerId={other}")).ShouldBeEmpty();
        (await room.Get($"candidates/{Candidate.IdOf(one, other)}")).GetProperty("status").GetString().ShouldBe("withdrawn");
        (await room.Resolve("诸葛遗忘", "gone@shop.cn"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(i => i.GetProperty("customerId").GetGuid())
            .ShouldBe([other]);
    }

    [Fact]
    public async Task a_rebuild_of_the_index_gives_the_same_and_nobody_who_was_forgotten()
    {
        var (stays, goes) = (await room.Register("诸葛重建", "rebuilt@shop.cn"), await room.Register("诸葛重建", "rebuilt@shop.cn"));
        await room.Revise(stays, "诸葛重建", "rebuilt2@shop.cn");
        await room.All().PostAsJsonAsync($"/api/customers/{goes}/forget", new { });
        await room.CatchUp();
        foreach (var view in new[] { "match-index", "match-candidates" })
        {
            var before = await room.Contents();
            (await room.All().PostAsync($"/api/customers/ops/rebuild/{view}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await room.Contents()).ShouldBe(before);
        }
        (await room.Keys(goes)).ShouldBe(0);
    }

    [Fact]
    public async Task telling_the_follower_again_changes_nothing()
    {
        var (one, _) = (await room.Register("诸葛再说", "again@shop.cn"), await room.Register("诸葛再说", "again@shop.cn"));
        await room.CatchUp();
        var (before, facts) = (await room.Contents(), await room.Store.FetchStream(one));
        await room.Services.GetRequiredService<SuggestMatches>().Process(facts, default);
        (await room.Contents()).ShouldBe(before);
    }
}
