using System.Net;
using System.Net.Http.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>Groups of whom somebody was forgotten alone.</summary>
public sealed class ForgottenMemberTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Fact]
    public async Task others_are_taken_apart_and_so_are_those_who_are_one_by_way_of_the_forgotten()
    {
        var http = room.Http(CustomersFixture.Everything);
        var (a, b, c, d, e) = await Five(http, "apart");
        var (ab, bc, cd, de) = (await http.Merged(a, b), await http.Merged(b, c), await http.Merged(c, d), await http.Merged(d, e));
        await Forget(http, d, group: false);
        (await Parts(http, ab)).ShouldBe([
            [a],
            [b, .. new[] { c, d, e }.Order()],
        ]);
        await http.Unmerge(ab);
        (await http.GroupOf(a)).ShouldBe([a]);
        (await Parts(http, cd)).ShouldBe([
            [b, c],
            [d, e],
        ]);
        await http.Unmerge(cd);
        (await http.GroupOf(c)).ShouldBe([b, c]);
        (await http.GroupOf(e)).ShouldBe([d, e]);
        // The other rooms hear the same of each.
        foreach (var (member, group) in new[] { (b, new[] { b, c }), (c, [b, c]), (d, [d, e]), (e, [d, e]) })
            (await Told(member)).ShouldBe(group);
        await Refused(http, de);
        (await http.GroupOf(e)).ShouldBe([d, e]);
        await http.Unmerge(bc);
        (await http.GroupOf(c)).ShouldBe([c]);
    }

    [Fact]
    public async Task where_all_of_one_side_are_forgotten_there_is_nobody_to_take_apart()
    {
        var http = room.Http(CustomersFixture.Everything);
        var (a, b, c, d, _) = await Five(http, "side");
        var (ab, bc, cd) = (await http.Merged(a, b), await http.Merged(b, c), await http.Merged(c, d));
        await Forget(http, c, group: false);
        await Forget(http, d, group: false);
        await Refused(http, bc);
        await Refused(http, cd);
        (await Parts(http, ab)).Length.ShouldBe(2);
        await http.Unmerge(ab);
        (await http.GroupOf(a)).ShouldBe([a]);
    }

    [Fact]
    public async Task whoever_is_left_with_forgotten_ones_is_forgotten_without_a_question()
    {
        var http = room.Http(CustomersFixture.Everything);
        var (a, b, c, _, _) = await Five(http, "left");
        await http.Merged(a, b);
        await http.Merged(b, c);
        await Forget(http, a, group: false);
        await Forget(http, b, null, HttpStatusCode.UnprocessableEntity);
        await Forget(http, b, group: false);
        await Forget(http, c, null);
        (await http.Customer(c)).GetProperty("forgotten").GetBoolean().ShouldBeTrue();
    }

    static async Task<(Guid, Guid, Guid, Guid, Guid)> Five(HttpClient http, string import)
    {
        var (_, ids) = await http.Customers(import, import, "1", "2", "3", "4", "5");
        Guid[] sorted = [.. ids.Select(i => i!.Value)];
        return (sorted[0], sorted[1], sorted[2], sorted[3], sorted[4]);
    }

    static async Task Forget(HttpClient http, Guid id, bool? group, HttpStatusCode expected = HttpStatusCode.OK) =>
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{id}/forget", new { reason = "request", group }), expected);

    static async Task<Guid[][]> Parts(HttpClient http, Guid merge) =>
        [
            .. (await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges/{merge}/unmerge/preview")))
                .GetProperty("parts")
                .EnumerateArray()
                .Select(p => p.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("customerId").GetGuid()).ToArray()),
        ];

    /// <summary>Who is in the group that the other rooms hear of last.</summary>
    async Task<IReadOnlyList<Guid>> Told(Guid id) =>
        (await room.Store.FetchStream(id))
            .Select(e => CustomersFeed.Translate(e)?.Contract)
            .OfType<Contracts.IGroupChange>()
            .Last()
            .Members;

    /// <summary>Neither the undoing nor its preview.</summary>
    static async Task Refused(HttpClient http, Guid merge)
    {
        foreach (
            var answer in new[]
            {
                await http.GetAsync($"/api/customers/merges/{merge}/unmerge/preview"),
                await http.PostAsJsonAsync($"/api/customers/merges/{merge}/unmerge", new { reason = "family" }),
            }
        )
            (await CustomersFixture.Json(answer, HttpStatusCode.UnprocessableEntity))
                .GetProperty("type")
                .GetString()
                .ShouldBe("urn:crm:customer-forgotten");
    }
}
