using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>Merges of many, many at once, and of those who refuse.</summary>
public sealed class ManyMergesTests(IdentityFixture room) : IClassFixture<IdentityFixture>
{
    static int count;

    [Fact]
    public async Task of_many_confirmations_at_once_one_merge_comes()
    {
        var http = room.All();
        await room.Register("诸葛并发", "parallel@shop.cn", "+8613911112222");
        await room.Register("诸葛并发", "parallel@shop.cn", "+8613911112222");
        await room.CatchUp();
        var candidate = (await room.Queue()).Single(c => c.GetProperty("probability").GetDouble() > .9);
        var id = candidate.GetProperty("id").GetGuid();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => http.PostAsJsonAsync($"/api/customers/candidates/{id}/confirm", new { reason = "same" }))
        );
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        var merges = new HashSet<Guid>();
        foreach (var answer in answers)
            answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Created], await answer.Content.ReadAsStringAsync());
        foreach (var answer in answers)
            merges.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
        merges.Count.ShouldBe(1);
        (await room.Queue("status=confirmed")).Select(c => c.GetProperty("id").GetGuid()).ShouldContain(id);
        (await room.Reject(id, "family")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Taken apart, they are two until somebody says otherwise.
        await http.Unmerge(merges.Single());
        (await room.Queue("status=rejected")).Select(c => c.GetProperty("id").GetGuid()).ShouldContain(id);
    }

    [Fact]
    public async Task merges_that_meet_leave_every_member_with_the_same_group()
    {
        var http = room.All();
        var people = new List<Guid>();
        for (var i = 0; i < 12; i++)
            people.Add(await Somebody());
        var random = new Random(7);
        await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(_ => (people[random.Next(12)], people[random.Next(12)]))
                .ToList()
                .Select(async pair =>
                {
                    var answer = await http.Merge(pair.Item1, pair.Item2);
                    answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity);
                })
        );
        foreach (var person in people)
        {
            var group = await http.GroupOf(person);
            foreach (var member in group)
                (await http.GroupOf(member)).ShouldBe(group);
        }
    }

    [Fact]
    public async Task who_refuses_to_be_compared_is_found_for_nobody()
    {
        var http = room.All();
        var one = await room.Register("诸葛不比", "refuse1@shop.cn", "+8613911113333");
        await CustomersFixture.Json(await http.PutAsJsonAsync($"/api/customers/{one}/matching", new { allowed = false }));
        var other = await room.Register("诸葛不比", "refuse1@shop.cn", "+8613911113333");
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).ShouldBeEmpty();
        await CustomersFixture.Json(await http.PutAsJsonAsync($"/api/customers/{one}/matching", new { allowed = true }));
        await room.Revise(other, "诸葛不比", "refuse1@shop.cn", "+8613911113333");
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).Count.ShouldBe(1);
        await CustomersFixture.Json(await http.PutAsJsonAsync($"/api/customers/{other}/matching", new { allowed = false }));
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).ShouldBeEmpty();
        (await room.Queue($"customerId={one}&status=withdrawn")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_group_has_at_most_50_members()
    {
        var http = room.All();
        var people = new List<Guid>();
        for (var i = 0; i < 51; i++)
            people.Add(await Somebody());
        for (var i = 1; i < 50; i++)
            await http.Merged(people[0], people[i]);
        (await http.Refused(people[50], people[3])).ShouldBe("group-too-large");
        (await http.GroupOf(people[49])).Length.ShouldBe(50);
    }

    [Fact]
    public async Task nobody_is_forgotten_alone_by_one_who_did_not_know_of_a_merge()
    {
        var http = room.All();
        for (var i = 0; i < 40; i++)
        {
            var (one, other) = (await Somebody(), await Somebody());
            var (merged, forgotten) = (
                http.Merge(one, other),
                http.PostAsJsonAsync($"/api/customers/{other}/forget", new { reason = "request" })
            );
            await Task.WhenAll(merged, forgotten);
            // Whichever comes first refuses the other.
            ((await merged).StatusCode == HttpStatusCode.Created).ShouldBe((await forgotten).StatusCode != HttpStatusCode.OK);
        }
    }

    async Task<Guid> Somebody(string? name = null, string? source = null, string? number = null)
    {
        var n = Interlocked.Increment(ref count);
        return await room.Register(name ?? $"Member {n}", $"member{n}-{number}@shop.cn", source: source);
    }
}
