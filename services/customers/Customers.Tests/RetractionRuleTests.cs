using System.Net;
using System.Net.Http.Json;
using CrmPlatform.Customers.Retracting;
using CrmPlatform.EventSourcing;

namespace CrmPlatform.Customers.Tests;

/// <summary>What may be taken back, the lists of who told what, and interruptions.</summary>
public sealed class RetractionRuleTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Fact]
    public async Task a_preview_that_is_stale_orders_nothing_and_the_same_order_again_changes_nothing()
    {
        var http = room.Curator();
        (await http.Status("/api/customers/imports/never/retraction/preview")).ShouldBe(HttpStatusCode.NotFound);
        (await Order("imports/never", 1)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await http.Purchases("s1", "s1", "o1::10");
        var through = (await room.Preview(http, "imports/s1")).GetProperty("through").GetInt64();
        await http.Purchases("s1", "s1", "o2::10");
        await room.CatchUp();
        var stale = await CustomersFixture.Json(await Order("imports/s1", through), HttpStatusCode.UnprocessableEntity);
        stale.GetProperty("type").GetString().ShouldBe("urn:crm:preview-stale");
        (await http.Status("/api/customers/imports/s1/retraction")).ShouldBe(HttpStatusCode.NotFound);
        through = (await room.Preview(http, "imports/s1")).GetProperty("through").GetInt64();
        var first = await CustomersFixture.Json(await Order("imports/s1", through));
        var again = await CustomersFixture.Json(await Order("imports/s1", through));
        again.GetProperty("version").GetInt64().ShouldBeGreaterThanOrEqualTo(first.GetProperty("version").GetInt64());
        await room.CatchUp();
        (await CustomersFixture.Json(await http.GetAsync("/api/customers/imports/s1/retraction")))
            .GetProperty("done")
            .GetProperty("purchases")
            .GetInt64()
            .ShouldBe(2);

        Task<HttpResponseMessage> Order(string what, long upTo) =>
            http.PostAsJsonAsync($"/api/customers/{what}/retraction", new { reason = "wrong-file", through = upTo });
    }

    [Fact]
    public async Task without_portraits_nobody_is_forgotten()
    {
        var http = room.Curator();
        await http.Customers("s2", "s2", "c1");
        var through = (await room.Preview(http, "imports/s2")).GetProperty("through").GetInt64();
        room.Away = true;
        var order = new
        {
            reason = "wrong-file",
            through,
            forget = true,
        };
        var refused = await http.PostAsJsonAsync("/api/customers/imports/s2/retraction", order);
        room.Away = false;
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await http.Status("/api/customers/imports/s2/retraction")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task imports_and_sources_say_what_they_told_and_a_source_is_taken_back_whole()
    {
        var http = room.Curator();
        await http.PutAsJsonAsync("/api/customers/sources/s3", new { name = "Web shop", trust = 80 });
        await http.Customers("s3-people", "s3", "c1", "c2");
        await http.Purchases("s3-orders", "s3", "o1:c1:10", "o2:c2:20");
        await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("live", null));
        await http.Returns("s3-back", "s3", "o1:R1:4");
        await room.CatchUp();
        var imports = await CustomersFixture.Json(await http.GetAsync("/api/customers/imports?limit=2"));
        imports.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldBe(["s3-back", "s3-orders"]);
        var next = await CustomersFixture.Json(await http.GetAsync($"/api/customers/imports?limit=2&after={imports.GetProperty("next")}"));
        next.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe("s3-people");
        var source = (await Sources()).Single(s => s.GetProperty("code").GetString() == "s3");
        (source.GetProperty("name").GetString(), source.GetProperty("trust").GetInt32()).ShouldBe(("Web shop", 80));
        (Count("customers"), Count("purchases"), Count("returns")).ShouldBe((2, 2, 1));

        var done = await room.Retract(http, "sources/s3", forget: true);
        (done.GetProperty("purchases").GetInt64(), done.GetProperty("forgotten").GetInt64()).ShouldBe((2, 2));
        source = (await Sources()).Single(s => s.GetProperty("code").GetString() == "s3");
        source.GetProperty("retractedAt").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.String);
        var listed = await CustomersFixture.Json(await http.GetAsync("/api/customers/purchases?source=test"));
        listed.GetProperty("items").GetArrayLength().ShouldBe(1, "another source");

        long Count(string what) => source.GetProperty(what).GetInt64();

        async Task<List<System.Text.Json.JsonElement>> Sources() =>
            [.. (await CustomersFixture.Json(await http.GetAsync("/api/customers/sources"))).GetProperty("items").EnumerateArray()];
    }

    [Fact]
    public async Task a_retraction_that_is_carried_out_again_from_the_start_changes_nothing()
    {
        var http = room.Curator();
        await http.Customers("s4", "s4", "c1", "c2");
        await http.Purchases("s4", "s4", "o1:c1:10", "o2::20");
        var done = await room.Retract(http, "imports/s4", forget: true);
        var before = await Log();
        var stream = Retraction.Of(Teller.Import, "s4");
        await room.Store.Write(new Request(room.Clock), stream, r => [r.Ordered! with { Reason = "again" }]);
        await room.CatchUp();
        (await Log()).ShouldBe(before + 2, "only that it was ordered and finished");
        var again = (await room.Store.Read(stream)).State.Finished!;
        (again.Purchases, again.Forgotten).ShouldBe((2, 2));
        done.GetProperty("purchases").GetInt64().ShouldBe(again.Purchases);

        async Task<long> Log()
        {
            await using var command = room.Db.CreateCommand("select count(*) from mt_events");
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
