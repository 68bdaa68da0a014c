using System.Net;
using System.Net.Http.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>An import or a source is taken back, and the right one takes its place.</summary>
public sealed class RetractionTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Fact]
    public async Task purchases_that_are_taken_back_count_nowhere_and_may_be_told_again()
    {
        var http = room.Curator();
        await http.Customers("r1-people", "r1", "c1");
        var before = await room.Totals(http);
        var wrong = await http.Purchases("r1-wrong", "r1", "o1:c1:10.50", "o2::20");
        wrong.Said.ShouldBe(["recorded", "recorded"]);
        (await room.Totals(http)).ShouldNotBe(before);

        var done = await room.Retract(http, "imports/r1-wrong");
        done.GetProperty("purchases").GetInt64().ShouldBe(2);
        (await room.Totals(http)).ShouldBe(before);
        (await http.Status($"/api/customers/purchases/{wrong.Ids[0]}")).ShouldBe(HttpStatusCode.NotFound);
        var listed = await CustomersFixture.Json(await http.GetAsync("/api/customers/purchases?source=r1"));
        listed.GetProperty("items").GetArrayLength().ShouldBe(0);

        var right = await http.Purchases("r1-right", "r1", "o1:c1:11.50", "o2::20");
        right.Said.ShouldBe(["recorded", "recorded"]);
        right.Ids.ShouldNotContain(wrong.Ids[0]);
        (await http.Purchases("r1-right", "r1", "o1:c1:11.50", "o2::20")).Said.ShouldBe(["unchanged", "unchanged"]);
        (await http.Purchase(right.Ids[0]!.Value)).GetProperty("net").GetDecimal().ShouldBe(11.50m);
        (await room.Totals(http)).Purchases.ShouldBe(before.Purchases + 2);
        // The first import is not concerned with what came after it.
        (await room.Preview(http, "imports/r1-wrong"))
            .GetProperty("purchases")
            .GetInt64()
            .ShouldBe(0);
        (await room.Retract(http, "imports/r1-wrong")).GetProperty("purchases").GetInt64().ShouldBe(2);
        (await room.Totals(http)).Purchases.ShouldBe(before.Purchases + 2);
    }

    [Fact]
    public async Task a_return_that_is_taken_back_leaves_its_purchase_with_the_other_returns()
    {
        var http = room.Curator();
        var bought = await http.Purchases("r2-orders", "r2", "o1::100");
        (await http.Returns("r2-wrong", "r2", "o1:R1:40")).Said.ShouldBe(["recorded"]);
        (await http.Returns("r2-right", "r2", "o1:R2:60")).Said.ShouldBe(["recorded"]);
        var before = await room.Totals(http);
        (await room.Preview(http, "imports/r2-wrong")).GetProperty("returns").GetInt64().ShouldBe(1);
        (await room.Retract(http, "imports/r2-wrong")).GetProperty("returns").GetInt64().ShouldBe(1);

        (await http.Status($"/api/customers/purchases/{bought.Ids[0]}")).ShouldBe(HttpStatusCode.NotFound);
        var list = await CustomersFixture.Json(await http.GetAsync("/api/customers/purchases?source=r2"));
        var now = await http.Purchase(list.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid());
        now.GetProperty("returned").GetDecimal().ShouldBe(60);
        (await room.Totals(http)).Purchases.ShouldBe(before.Purchases);
        // The same return again, by its number, is still the same; and the purchase is not wholly returned any more.
        (await http.Returns("r2-right", "r2", "o1:R2:60")).Said.ShouldBe(["unchanged"]);
        (await http.Returns("r2-more", "r2", "o1:R1:40")).Said.ShouldBe(["recorded"]);
        // What was told again is found by its own import, wherever it is now.
        (await room.Retract(http, "imports/r2-right"))
            .GetProperty("returns")
            .GetInt64()
            .ShouldBe(1);
        (await room.Retract(http, "imports/r2-orders")).GetProperty("purchases").GetInt64().ShouldBe(1);
        list = await CustomersFixture.Json(await http.GetAsync("/api/customers/purchases?source=r2"));
        list.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task customers_of_whom_nothing_else_tells_are_forgotten_and_others_stay()
    {
        var http = room.Curator();
        var people = await http.Customers("r3-wrong", "r3", "alone", "revised", "buyer", "seen", "ticket");
        await CustomersFixture.Json(
            await http.PutAsJsonAsync($"/api/customers/{people.Ids[1]}/profile", new { profile = new { name = "Revised" } })
        );
        await http.Purchases("r3-other", "r3", "o1:buyer:5");
        var view = new
        {
            pageViewId = Guid.CreateVersion7(),
            page = "/tea",
            channel = "web",
            occurredAt = "2026-05-04T10:00:00Z",
        };
        (await http.PostAsJsonAsync($"/api/customers/{people.Ids[3]}/page-views", view)).EnsureSuccessStatusCode();
        room.Told.Add((people.Ids[4]!.Value, "service-desk.ticket-opened", 2));
        room.Told.Add((people.Ids[0]!.Value, "loyalty.points-earned", 3)); // follows from purchases

        var preview = await room.Preview(http, "imports/r3-wrong");
        preview.GetProperty("forgets").GetInt64().ShouldBe(1);
        preview.GetProperty("kept").EnumerateArray().Select(k => (Guid?)k.GetGuid()).ShouldBe(people.Ids[1..], ignoreOrder: true);
        var remains = preview.GetProperty("remains").EnumerateArray().Single();
        remains.GetProperty("contract").GetString().ShouldBe("service-desk.ticket-opened");
        remains.GetProperty("facts").GetInt64().ShouldBe(2);

        var totals = await room.Totals(http);
        var done = await room.Retract(http, "imports/r3-wrong", forget: true);
        (done.GetProperty("forgotten").GetInt64(), done.GetProperty("kept").GetInt64()).ShouldBe((1, 4));
        (await room.Totals(http)).Customers.ShouldBe(totals.Customers - 1);
        var forgotten = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{people.Ids[0]}"));
        forgotten.GetProperty("forgotten").GetBoolean().ShouldBeTrue();

        var again = await http.Customers("r3-right", "r3", "alone", "revised");
        again.Said.ShouldBe(["recorded", "unchanged"]);
        again.Ids[0].ShouldNotBe(people.Ids[0]);
        (await http.Customers("r3-right", "r3", "alone")).ShouldSatisfyAllConditions(
            a => a.Said.ShouldBe(["unchanged"]),
            a => a.Ids[0].ShouldBe(again.Ids[0])
        );
    }

    [Fact]
    public async Task who_was_merged_and_is_alone_again_is_forgotten_and_who_is_one_with_others_stays()
    {
        var http = room.Curator();
        var people = (await http.Customers("r5", "r5", "apart", "apart-too", "one", "other")).Ids.Select(i => i!.Value).ToArray();
        var parted = await http.Merged(people[0], people[1]);
        await http.Merged(people[2], people[3]);
        foreach (var allowed in new[] { false, true })
            (await http.PutAsJsonAsync($"/api/customers/{people[0]}/matching", new { allowed })).EnsureSuccessStatusCode();
        await http.Unmerge(parted);

        var preview = await room.Preview(http, "imports/r5");
        preview.GetProperty("forgets").GetInt64().ShouldBe(2);
        preview.GetProperty("kept").EnumerateArray().Select(k => k.GetGuid()).ShouldBe(people[2..], ignoreOrder: true);
        var done = await room.Retract(http, "imports/r5", forget: true);
        (done.GetProperty("forgotten").GetInt64(), done.GetProperty("kept").GetInt64()).ShouldBe((2, 2));
        var forgotten = new List<bool>();
        foreach (var id in people)
            forgotten.Add((await http.Customer(id)).GetProperty("forgotten").GetBoolean());
        forgotten.ShouldBe([true, true, false, false]);
    }

    [Fact]
    public async Task a_number_that_is_taken_back_is_nobodys()
    {
        var http = room.Curator();
        var id = (await http.Customers("r4-people", "r4", "c1")).Ids[0]!.Value;
        var row = """{"kind":"individual","externalIds":[{"system":"r4","value":"c1"},{"system":"r4-till","value":"T9"}]}""";
        var body = new StringContent(row, System.Text.Encoding.UTF8, "application/x-ndjson");
        (await http.PostAsync("/api/customers/imports/r4-link/customers", body)).EnsureSuccessStatusCode();
        (await Numbers()).ShouldBe(["c1", "T9"]);
        (await room.Retract(http, "imports/r4-link", forget: true)).GetProperty("externalIds").GetInt64().ShouldBe(1);
        (await Numbers()).ShouldBe(["c1"]);
        var other = new { kind = "individual", externalIds = new[] { new { system = "r4-till", value = "T9" } } };
        await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers", other), HttpStatusCode.Created);

        async Task<IEnumerable<string?>> Numbers() =>
            (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}")))
                .GetProperty("externalIds")
                .EnumerateArray()
                .Select(x => x.GetProperty("value").GetString());
    }
}
