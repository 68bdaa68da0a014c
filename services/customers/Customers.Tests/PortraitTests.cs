using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Portraits;
using CrmPlatform.Customers.Timelines;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class PortraitTests(CustomersFixture fixture)
{
    static readonly Guid run = Guid.CreateVersion7();

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    async Task<Guid> WithHistory()
    {
        var (id, http) = ((await fixture.Somebody()).Id, fixture.All());
        await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase($"{id}-1", id, 20, "2026-03-01T15:00:00Z")), HttpStatusCode.Created);
        await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase($"{id}-2", id, 30, "2026-04-01T15:00:00Z", "DELI")), HttpStatusCode.Created);
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{id}/page-views", new { page = "/shoes?secret=1", channel = "web", occurredAt = "2026-04-02T10:00:00Z" }), HttpStatusCode.Created);
        await fixture.Hear("loyalty", new Contracts.PointsEarned(id, Guid.CreateVersion7(), 20, Guid.CreateVersion7(), 1, At("2028-03-01T15:00:00Z"), 20, At("2026-03-01T15:00:00Z")),
            new Contracts.TierChanged(id, null, "Bronze", 0, At("2026-03-01T15:00:00Z")));
        await fixture.Hear("segmentation", new Contracts.RfmScored(id, 5, 2, 3, "Potential Loyalist", "重要发展", run, new(2026, 4, 5), false, At("2026-04-05T15:00:00Z")), new Contracts.LifecycleStageChanged(id, "New", "Repeat", "second-order", At("2026-04-01T15:00:00Z")));
        await fixture.Hear("service-desk", new Contracts.TicketOpened(id, Guid.CreateVersion7(), "complaint", "billing", "normal", "web", At("2026-04-07T10:00:00Z"), At("2026-04-08T10:00:00Z"), At("2026-04-06T10:00:00Z")));
        await fixture.CatchUp();
        return id;
    }

    [Fact]
    public async Task points_that_a_household_sends_around_change_the_balance_of_both_and_what_neither_has_earned()
    {
        var (sender, receiver, transfer) = ((await fixture.Somebody()).Id, (await fixture.Somebody()).Id, Guid.CreateVersion7());
        await fixture.Hear("loyalty", new Contracts.PointsEarned(sender, Guid.CreateVersion7(), 20, Guid.CreateVersion7(), 1, At("2028-03-01T15:00:00Z"), 20, At("2026-03-01T15:00:00Z")),
            new Contracts.PointsTransferred(sender, transfer, -15, 5, At("2026-03-02T15:00:00Z")));
        await fixture.Hear("loyalty", new Contracts.PointsTransferred(receiver, transfer, 15, 15, At("2026-03-02T15:00:00Z")));
        await fixture.CatchUp();
        foreach (var (id, points, earned) in new[] { (sender, 5, 20), (receiver, 15, 0) })
        {
            var loyalty = (await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/{id}/portrait"))).GetProperty("loyalty");
            (loyalty.GetProperty("points").GetProperty("value").GetInt64(), loyalty.GetProperty("pointsEarned").GetInt64()).ShouldBe((points, earned));
        }
    }

    [Fact]
    public async Task a_cancelled_redemption_gives_the_points_back()
    {
        var (id, redemption) = ((await fixture.Somebody()).Id, Guid.CreateVersion7());
        await fixture.Hear("loyalty", new Contracts.PointsEarned(id, Guid.CreateVersion7(), 20, Guid.CreateVersion7(), 1, At("2028-03-01T15:00:00Z"), 20, At("2026-03-01T15:00:00Z")),
            new Contracts.PointsRedeemed(id, redemption, 15, "voucher", 5, At("2026-03-02T15:00:00Z")), new Contracts.RedemptionCancelled(id, redemption, 15, 20, At("2026-03-03T15:00:00Z")));
        await fixture.CatchUp();
        var portrait = await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/{id}/portrait"));
        portrait.GetProperty("loyalty").GetProperty("points").GetProperty("value").GetInt64().ShouldBe(20);
    }

    [Fact]
    public async Task the_portrait_holds_every_contexts_values_each_with_its_source_event()
    {
        var id = await WithHistory();
        var portrait = await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/{id}/portrait"));
        portrait.GetProperty("behaviour").GetProperty("netRevenue").GetProperty("value").GetDecimal().ShouldBe(50);
        portrait.GetProperty("behaviour").GetProperty("averageOrder").GetDecimal().ShouldBe(25);
        portrait.GetProperty("behaviour").GetProperty("categories").EnumerateArray().Sum(c => c.GetProperty("percent").GetDecimal()).ShouldBe(100);
        portrait.GetProperty("value").GetProperty("rfm").GetProperty("value").GetProperty("segment").GetString().ShouldBe("Potential Loyalist");
        portrait.GetProperty("value").GetProperty("lifecycle").GetProperty("value").GetString().ShouldBe("Repeat");
        portrait.GetProperty("loyalty").GetProperty("points").GetProperty("value").GetInt64().ShouldBe(20);
        portrait.GetProperty("service").GetProperty("openTickets").GetInt32().ShouldBe(1);

        var timeline = (await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/{id}/timeline"))).GetProperty("items").EnumerateArray().ToList();
        var sources = timeline.ToDictionary(i => i.GetProperty("eventId").GetGuid(), i => i.GetProperty("contract").GetString());
        sources[portrait.GetProperty("behaviour").GetProperty("netRevenue").GetProperty("source").GetGuid()].ShouldBe("customers.purchase-recorded");
        sources[portrait.GetProperty("value").GetProperty("rfm").GetProperty("source").GetGuid()].ShouldBe("segmentation.rfm-scored");
        timeline.Single(i => i.GetProperty("contract").GetString() == "customers.page-viewed").GetProperty("data").GetProperty("page").GetString().ShouldBe("/shoes");
    }

    [Fact]
    public async Task as_of_filters_on_when_it_happened_and_known_at_on_when_it_was_learned()
    {
        var id = await WithHistory();
        var http = fixture.All();
        var shown = (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/portrait"))).GetProperty("behaviour").ToString();
        await Task.Delay(5);
        var then = fixture.Clock.GetUtcNow();
        await Task.Delay(5);
        await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase($"{id}-late", id, 100, "2026-02-01T15:00:00Z")), HttpStatusCode.Created);
        await fixture.CatchUp();

        async Task<JsonElement> Behaviour(string query) => (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/portrait?{query}"))).GetProperty("behaviour");
        (await Behaviour($"knownAt={then:yyyy-MM-ddTHH:mm:ss.ffffffZ}")).ToString().ShouldBe(shown);
        var profile = await http.GetAsync($"/api/customers/{id}/portrait?asOf=2026-03-15");
        // The profile was registered today, so in March there was no customer yet.
        profile.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync($"/api/customers/{id}/portrait?asOf=soon")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task every_portrait_rebuilt_from_the_timelines_equals_the_live_one()
    {
        await WithHistory();
        var live = await States();
        await fixture.Daemon.Rebuild("portraits-2");
        (await States()).ShouldBe(live);
    }

    [Fact]
    public async Task a_fact_heard_twice_is_noted_once_and_the_order_of_contexts_does_not_matter()
    {
        var id = (await fixture.Somebody()).Id;
        var fact = CustomersFixture.AsFact("loyalty", new Contracts.PointsEarned(id, Guid.CreateVersion7(), 7, Guid.CreateVersion7(), 1, At("2028-03-01T15:00:00Z"), 7, At("2026-03-01T15:00:00Z")));
        await fixture.Hear(fact);
        await fixture.Hear(fact);
        await fixture.CatchUp();
        (await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/{id}/portrait"))).GetProperty("loyalty").GetProperty("points").GetProperty("value").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task timeline_items_equal_public_events_and_pages_and_filters_agree()
    {
        var id = await WithHistory();
        var http = fixture.All();
        var all = (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/timeline?limit=200"))).GetProperty("items").EnumerateArray().ToList();
        all.Count.ShouldBe(9);
        all.Select(i => i.GetProperty("occurredAt").GetDateTimeOffset()).ShouldBe(all.Select(i => i.GetProperty("occurredAt").GetDateTimeOffset()).OrderDescending());
        var (paged, after) = (new List<string>(), (string?)null);
        do
        {
            var page = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/timeline?limit=2{(after is null ? "" : "&after=" + after)}"));
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("eventId").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);
        paged.ShouldBe(all.Select(i => i.GetProperty("eventId").GetString()!));
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/timeline?context=loyalty"))).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/timeline?channel=store&from=2026-03-15T00:00:00Z"))).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task the_page_shows_the_portrait_in_both_languages()
    {
        var id = await WithHistory();
        (await (await fixture.All().GetAsync($"/portraits/{id}?lang=zh")).Content.ReadAsStringAsync()).ShouldContain("净收入");
        (await (await fixture.All().GetAsync($"/portraits/{id}?lang=en")).Content.ReadAsStringAsync()).ShouldContain("Net revenue");
        (await fixture.Anonymous().GetAsync($"/portraits/{id}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<string> States()
    {
        await using var command = fixture.Db.CreateCommand("select string_agg(customer_id::text || convert_from(state, 'UTF8'), E'\n' order by customer_id) from portrait");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
