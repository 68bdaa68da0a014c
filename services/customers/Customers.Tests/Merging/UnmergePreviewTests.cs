using System.Net;
using System.Net.Http.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>What concerns a group and asks other rooms.</summary>
public sealed class UnmergePreviewTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Fact]
    public async Task the_preview_says_what_stays_with_whom_and_changes_nothing()
    {
        var http = room.Http(CustomersFixture.Everything);
        var (_, ids) = await http.Customers("preview", "web", "1", "2", "3");
        var (one, other, third) = (ids[0]!.Value, ids[1]!.Value, ids[2]!.Value);
        await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("before", other)),
            HttpStatusCode.Created
        );
        await http.Merged(one, third);
        var merge = await http.Merged(one, other);
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{other}/tags", new { tag = "later" }));
        await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("since", other)),
            HttpStatusCode.Created
        );
        room.Told.Add((other, "loyalty.points-redeemed", 2));
        await room.CatchUp();
        var preview = await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges/{merge}/unmerge/preview"));
        var parts = preview.GetProperty("parts").EnumerateArray().ToList();
        parts.Select(p => p.GetProperty("survivorId").GetGuid()).ShouldBe([one, other]);
        parts[0].GetProperty("members").EnumerateArray().Select(m => m.GetProperty("customerId").GetGuid()).ShouldBe([one, third]);
        var left = parts[1].GetProperty("members")[0];
        left.GetProperty("profileFacts").GetInt64().ShouldBe(1);
        left.GetProperty("purchases").GetInt64().ShouldBe(1, "what was recorded since");
        left.GetProperty("elsewhere")[0].GetProperty("contract").GetString().ShouldBe("loyalty.points-redeemed");
        (await http.GroupOf(other)).Length.ShouldBe(3);
        await http.Unmerge(merge);
        (await http.GroupOf(other)).ShouldBe([other]);
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges/{merge}/unmerge/preview")))
            .GetProperty("parts")
            .GetArrayLength()
            .ShouldBe(0);
    }

    [Fact]
    public async Task an_export_holds_every_member_and_a_retraction_keeps_who_is_one_with_others()
    {
        var http = room.Http(CustomersFixture.Everything);
        var (_, ids) = await http.Customers("of-two", "till", "1", "2", "3");
        await http.Merged(ids[0]!.Value, ids[1]!.Value);
        var export = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{ids[1]}/export"));
        var others = export.GetProperty("others").EnumerateArray().ToList();
        others.Select(o => o.GetProperty("customerId").GetGuid()).ShouldBe([ids[0]!.Value]);
        others[0].GetProperty("facts").GetRawText().ShouldContain("Person 1");
        export.GetProperty("facts").GetRawText().ShouldContain("Person 2");
        await room.CatchUp();
        var preview = await CustomersFixture.Json(await http.GetAsync("/api/customers/imports/of-two/retraction/preview"));
        preview.GetProperty("forgets").GetInt64().ShouldBe(1);
        preview.GetProperty("kept").EnumerateArray().Select(k => k.GetGuid()).Order().ShouldBe(ids[..2].Select(i => i!.Value).Order());
    }
}
