using System.Net.Http.Json;
using static CrmPlatform.Loyalty.Tests.LoyaltyRoom;

namespace CrmPlatform.Loyalty.Tests.Groups;

/// <summary>Accounts of customers who are one person are shown together, and stay apart.</summary>
[Collection("loyalty")]
public class GroupAccountTests(LoyaltyRoom room)
{
    [Fact]
    public async Task accounts_of_one_person_add_up_and_show_the_better_tier()
    {
        var (small, big) = (await room.Customer(100, 50), await room.Customer(2_500));
        var alone = await room.Get($"accounts/{small}");
        (alone.GetProperty("group").ValueKind, alone.GetProperty("tierOf").GetGuid()).ShouldBe(
            (System.Text.Json.JsonValueKind.Null, small)
        );
        await room.Merge(small, big);
        foreach (var asked in new[] { small, big })
        {
            var account = await room.Get($"accounts/{asked}");
            account.Customer().ShouldBe(asked);
            (account.Long("balance"), account.Long("available"), account.Long("earned"), account.Long("purchases")).ShouldBe(
                (2_650, 2_650, 2_650, 3)
            );
            (account.GetProperty("tier").GetString(), account.GetProperty("tierOf").GetGuid()).ShouldBe(("Gold", big));
            account.GetProperty("lots").EnumerateArray().Select(GroupWords.Customer).ShouldBe([small, small, big]);
            var group = account.GetProperty("group");
            group.GetProperty("survivorId").GetGuid().ShouldBe(small);
            group
                .GetProperty("members")
                .EnumerateArray()
                .Select(m => (m.Customer(), m.Long("balance"), m.GetProperty("tier").GetString()))
                .ShouldBe([(small, 150, "Bronze"), (big, 2_500, "Gold")]);
            var standing = await room.Get($"accounts/{asked}/tier");
            (standing.GetProperty("tier").GetString(), standing.GetProperty("tierOf").GetGuid()).ShouldBe(("Gold", big));
        }

        await room.Part(small, big);
        (await room.Balance(small), await room.Balance(big)).ShouldBe((150, 2_500));
        (await room.Get($"accounts/{small}/tier")).GetProperty("tier").GetString().ShouldBe("Bronze");
    }

    [Fact]
    public async Task an_instant_before_one_of_them_was_there_shows_the_other()
    {
        var (old, late) = (await room.Customer(100), Guid.CreateVersion7());
        await room.Hear("customers", Registered(late) with { OccurredAt = Now });
        var between = Uri.EscapeDataString(Now.AddHours(-12).ToString("O"));
        await room.Merge(late, old);
        var then = await room.Get($"accounts/{late}?asOf={between}");
        (then.Long("balance"), then.Long("version"), then.GetProperty("group").GetProperty("members").GetArrayLength()).ShouldBe(
            (100, 0, 1)
        );
        (await room.Get($"accounts/{late}/tier?asOf={between}")).GetProperty("tierOf").GetGuid().ShouldBe(old);
        (await room.Get($"accounts/{late}")).Long("balance").ShouldBe(100);
    }

    [Fact]
    public async Task a_member_spends_their_own_points_only()
    {
        var (poor, rich) = (await room.Customer(10), await room.Customer(500));
        await room.Merge(poor, rich);
        var http = room.Everything;
        ((int)(await room.Redeem(poor, 11)).StatusCode).ShouldBe(422);
        var debit = await http.PostAsJsonAsync($"/api/loyalty/accounts/{poor}/adjustments", new { points = -11, reason = "fraud" });
        ((int)debit.StatusCode).ShouldBe(422);
        var account = await room.Get($"accounts/{poor}");
        var stale = await room.Redeem(poor, 1, ifMatch: $"\"{account.Long("version") + 1}\"");
        ((int)stale.StatusCode).ShouldBe(412, "the version is that of the member's own account");
        (await room.Redeem(poor, 10, ifMatch: $"\"{account.Long("version")}\"")).EnsureSuccessStatusCode();
        (await room.Balance(rich)).ShouldBe(500, "of both");
        await room.Part(poor, rich);
        (await room.Balance(poor), await room.Balance(rich)).ShouldBe((0, 500));
    }

    [Fact]
    public async Task statement_and_lists_show_what_any_of_them_did_and_whose_it_is()
    {
        var (one, two) = (await room.Customer(100, 200), await room.Customer(300));
        var spent = Guid.Parse((await room.Redeem(two, 30)).EnsureSuccessStatusCode().Headers.Location!.ToString().Split('/')[^1]);
        (
            await room.Everything.PostAsJsonAsync($"/api/loyalty/accounts/{one}/adjustments", new { points = 5, reason = "goodwill" })
        ).EnsureSuccessStatusCode();
        await room.CatchUp();
        await room.Merge(one, two);
        var whole = await room.Items($"accounts/{one}/statement?limit=200");
        var same = await room.Items($"accounts/{two}/statement?limit=200");
        whole.Select(e => e.ToString()).ShouldBe(same.Select(e => e.ToString()));
        whole.Count(e => e.GetProperty("kind").GetString() == "earned").ShouldBe(3);
        whole.Single(e => e.GetProperty("kind").GetString() == "redeemed").Customer().ShouldBe(two);
        whole.Select(e => e.GetProperty("occurredAt").GetDateTimeOffset()).ShouldBeInOrder(SortDirection.Descending);
        var (pages, after) = (new List<string>(), "");
        while (true)
        {
            var page = await room.Get($"accounts/{two}/statement?limit=2{after}");
            pages.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.ToString()));
            if (page.GetProperty("next").GetString() is not { } next)
                break;
            after = "&after=" + next;
        }
        pages.ShouldBe(whole.Select(e => e.ToString()), "page by page, each once");
        (await room.Items($"accounts/{one}/statement?kind=redeemed")).ShouldHaveSingleItem();

        (await room.Get($"accounts/{one}/redemptions/{spent}")).Customer().ShouldBe(two);
        (await room.Items($"adjustments?customerId={two}")).ShouldHaveSingleItem().Customer().ShouldBe(one);
        var file = await room.Everything.GetStringAsync($"/api/loyalty/accounts/{one}/statement/export?format=ndjson");
        file.Trim().Split('\n').Length.ShouldBe(whole.Length);
        file.ShouldContain(two.ToString());

        await room.Part(one, two);
        (await room.Items($"accounts/{one}/statement")).ShouldAllBe(e => e.Customer() == one);
        (await room.Everything.GetAsync($"/api/loyalty/accounts/{one}/redemptions/{spent}")).StatusCode.ShouldBe(
            System.Net.HttpStatusCode.NotFound
        );
    }
}
