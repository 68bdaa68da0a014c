using System.Net;
using System.Net.Http.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>The law of merging: undone, it has changed nothing.</summary>
[Collection("customers")]
public sealed class MergeProperties(CustomersFixture room)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task merges_that_are_undone_in_any_order_change_no_view(int seed)
    {
        var (random, http) = (new Random(seed), room.All());
        var people = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            var (id, _, _, _) = await room.Somebody();
            people.Add(id);
            if (random.Next(2) == 0)
                await http.PostAsJsonAsync($"/api/customers/{id}/tags", new { tag = $"tag-{random.Next(3)}" });
            if (random.Next(2) == 0)
                await http.PostAsJsonAsync(
                    $"/api/customers/{id}/consents",
                    new
                    {
                        purpose = "marketing",
                        channel = "sms",
                        granted = random.Next(2) == 0,
                        noticeVersion = "v1",
                    }
                );
            for (var n = random.Next(3); n > 0; n--)
                await CustomersFixture.Json(
                    await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase($"m{seed}-{i}-{n}", id, n)),
                    HttpStatusCode.Created
                );
        }
        await room.CatchUp();
        var before = await http.Views(people);
        var merges = new List<Guid>();
        for (var n = 0; n < 10; n++)
            if (merges.Count > 0 && random.Next(3) == 0)
            {
                await http.Unmerge(merges[random.Next(merges.Count)]);
            }
            else if (people[random.Next(5)] is var one && people[random.Next(5)] is var other && !(await http.GroupOf(one)).Contains(other))
            {
                merges.Add(await http.Merged(one, other));
                var together = await http.GroupOf(one);
                together.ShouldContain(other);
                foreach (var member in together)
                {
                    (await http.GroupOf(member)).ShouldBe(together);
                    (await Purchases(member)).ShouldBe(await Purchases(one));
                }
            }
        (await http.Views(people)).ShouldNotBe(before, "the test sees that they are one");
        foreach (var merge in merges.OrderBy(_ => random.Next()))
            await http.Unmerge(merge);
        (await http.Views(people)).ShouldBe(before, $"seed {seed}");

        async Task<string> Purchases(Guid id) => await http.GetStringAsync($"/api/customers/purchases?customerId={id}");
    }
}
