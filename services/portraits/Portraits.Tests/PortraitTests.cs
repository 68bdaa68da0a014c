using System.Net;
using System.Text.Json;

namespace CrmPlatform.Portraits.Tests;

[Collection("portraits")]
public sealed class PortraitTests(PortraitsFixture fixture)
{
    static readonly Guid run = CustomerHistory.Run;

    static DateTimeOffset At(string text) => PortraitsFixture.At(text);

    [Fact]
    public async Task the_portrait_holds_every_rooms_values_each_with_its_source_event()
    {
        var id = await fixture.WithHistory();
        var portrait = await fixture.Portrait(id);
        portrait.GetProperty("kind").GetString().ShouldBe("individual");
        portrait.GetProperty("basics").GetProperty("registeredAt").GetDateTimeOffset().ShouldBe(At("2026-01-01T08:00:00Z"));
        portrait.GetProperty("behaviour").GetProperty("netRevenue").GetProperty("value").GetDecimal().ShouldBe(50);
        portrait.GetProperty("behaviour").GetProperty("averageOrder").GetDecimal().ShouldBe(25);
        portrait
            .GetProperty("behaviour")
            .GetProperty("categories")
            .EnumerateArray()
            .Sum(c => c.GetProperty("percent").GetDecimal())
            .ShouldBe(100);
        portrait
            .GetProperty("value")
            .GetProperty("rfm")
            .GetProperty("value")
            .GetProperty("segment")
            .GetString()
            .ShouldBe("Potential Loyalist");
        portrait.GetProperty("value").GetProperty("lifecycle").GetProperty("value").GetString().ShouldBe("Repeat");
        portrait.GetProperty("loyalty").GetProperty("points").GetProperty("value").GetInt64().ShouldBe(20);
        portrait.GetProperty("service").GetProperty("openTickets").GetInt32().ShouldBe(1);

        var timeline = (await fixture.Get($"/api/customers/{id}/timeline")).GetProperty("items").EnumerateArray().ToList();
        var sources = timeline.ToDictionary(i => i.GetProperty("eventId").GetGuid(), i => i.GetProperty("contract").GetString());
        sources[portrait.GetProperty("behaviour").GetProperty("netRevenue").GetProperty("source").GetGuid()]
            .ShouldBe("customers.purchase-recorded");
        sources[portrait.GetProperty("value").GetProperty("rfm").GetProperty("source").GetGuid()].ShouldBe("segmentation.rfm-scored");
    }

    [Fact]
    public async Task points_that_a_household_sends_around_change_both_balances()
    {
        var (sender, receiver, transfer) = (await fixture.Somebody(), await fixture.Somebody(), Guid.CreateVersion7());
        await fixture.Hear(
            "loyalty",
            new Contracts.PointsEarned(
                sender,
                Guid.CreateVersion7(),
                20,
                Guid.CreateVersion7(),
                1,
                At("2028-03-01T15:00:00Z"),
                20,
                At("2026-03-01T15:00:00Z")
            ),
            new Contracts.PointsTransferred(sender, transfer, -15, 5, At("2026-03-02T15:00:00Z"))
        );
        await fixture.Hear("loyalty", new Contracts.PointsTransferred(receiver, transfer, 15, 15, At("2026-03-02T15:00:00Z")));
        foreach (var (id, points, earned) in new[] { (sender, 5, 20), (receiver, 15, 0) })
        {
            var loyalty = (await fixture.Portrait(id)).GetProperty("loyalty");
            (loyalty.GetProperty("points").GetProperty("value").GetInt64(), loyalty.GetProperty("pointsEarned").GetInt64()).ShouldBe(
                (points, earned)
            );
        }
    }

    [Fact]
    public async Task a_cancelled_redemption_gives_the_points_back()
    {
        var (id, redemption) = (await fixture.Somebody(), Guid.CreateVersion7());
        await fixture.Hear(
            "loyalty",
            new Contracts.PointsEarned(
                id,
                Guid.CreateVersion7(),
                20,
                Guid.CreateVersion7(),
                1,
                At("2028-03-01T15:00:00Z"),
                20,
                At("2026-03-01T15:00:00Z")
            ),
            new Contracts.PointsRedeemed(id, redemption, 15, "voucher", 5, At("2026-03-02T15:00:00Z")),
            new Contracts.RedemptionCancelled(id, redemption, 15, 20, At("2026-03-03T15:00:00Z"))
        );
        (await fixture.Portrait(id)).GetProperty("loyalty").GetProperty("points").GetProperty("value").GetInt64().ShouldBe(20);
    }

    [Fact]
    public async Task a_wholly_returned_purchase_is_no_order_and_no_revenue()
    {
        var (id, bought) = (await fixture.Somebody(), Guid.CreateVersion7());
        await fixture.Hear(
            "customers",
            PortraitsFixture.Purchase(id, 10.85m, "2026-05-04T10:00:00Z") with
            {
                PurchaseId = bought,
            },
            new Contracts.PurchaseReturned(
                id,
                bought,
                Guid.CreateVersion7(),
                "store",
                "USD",
                3.61m,
                "USD",
                3.61m,
                false,
                At("2026-05-04T10:00:00Z"),
                At("2026-05-05T10:00:00Z")
            ),
            new Contracts.PurchaseReturned(
                id,
                bought,
                Guid.CreateVersion7(),
                "store",
                "USD",
                7.24m,
                "USD",
                7.24m,
                true,
                At("2026-05-04T10:00:00Z"),
                At("2026-05-06T10:00:00Z")
            )
        );
        var behaviour = (await fixture.Portrait(id)).GetProperty("behaviour");
        (
            behaviour.GetProperty("netRevenue").GetProperty("value").GetDecimal(),
            behaviour.GetProperty("netOrders").GetProperty("value").GetInt32(),
            behaviour.GetProperty("purchases").GetProperty("value").GetInt32()
        ).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task a_portrait_can_be_shown_whatever_was_bought()
    {
        var id = await fixture.Somebody();
        await fixture.Hear(
            "customers",
            PortraitsFixture.Purchase(id, 1e27m, "2026-05-04T10:00:00Z"),
            PortraitsFixture.Purchase(id, -1e27m, "2026-05-04T10:00:00Z", "DELI"),
            PortraitsFixture.Purchase(id, 0.01m, "2026-05-04T10:00:00Z", "FISH")
        );
        (await fixture.Portrait(id)).GetProperty("behaviour").GetProperty("categories").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task as_of_filters_on_when_it_happened_and_known_at_on_when_its_room_recorded_it()
    {
        var id = await fixture.WithHistory();
        var shown = (await fixture.Portrait(id)).GetProperty("behaviour").ToString();
        var late = PortraitsFixture.AsFact("customers", PortraitsFixture.Purchase(id, 100, "2026-02-01T15:00:00Z")) with
        {
            RecordedAt = fixture.Clock.GetUtcNow().AddHours(2),
        };
        await fixture.Hear(late);
        async Task<JsonElement> Behaviour(string query) => (await fixture.Portrait(id, "?" + query)).GetProperty("behaviour");
        (await Behaviour($"knownAt={fixture.Clock.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ss.ffffffZ}")).ToString().ShouldBe(shown);
        (await Behaviour("asOf=2026-02-15")).GetProperty("netRevenue").GetProperty("value").GetDecimal().ShouldBe(100);
        (await Behaviour("asOf=2026-03-01T14:59:59Z")).GetProperty("purchases").GetProperty("value").GetInt32().ShouldBe(1);
        (await Behaviour("asOf=2026-03-01T15:00:00Z")).GetProperty("purchases").GetProperty("value").GetInt32().ShouldBe(2);
        // In December there was no such customer yet.
        await fixture.Get($"/api/customers/{id}/portrait?asOf=2025-12-01", 404);
        await fixture.Get($"/api/customers/{id}/portrait?asOf=soon", 400);
    }

    [Fact]
    public async Task who_was_forgotten_is_so_at_every_moment_and_keeps_a_timeline_that_names_nobody()
    {
        var id = await fixture.WithHistory();
        await fixture.Hear("customers", new Contracts.CustomerForgotten(id, At("2026-06-01T10:00:00Z")));
        (await fixture.Portrait(id)).GetProperty("forgotten").GetBoolean().ShouldBeTrue();
        var then = await fixture.Portrait(id, "?asOf=2026-05-01");
        then.GetProperty("forgotten").GetBoolean().ShouldBeTrue();
        then.GetProperty("behaviour").GetProperty("purchases").GetProperty("value").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task the_page_shows_the_portrait_in_both_languages()
    {
        var id = await fixture.WithHistory();
        fixture.Known[id] = ProfileTests.Profile("诸葛亮");
        var chinese = await (await fixture.All().GetAsync($"/portraits/{id}?lang=zh")).Content.ReadAsStringAsync();
        chinese.ShouldContain("净收入");
        chinese.ShouldContain("诸葛亮");
        (await (await fixture.All().GetAsync($"/portraits/{id}?lang=en")).Content.ReadAsStringAsync()).ShouldContain("Net revenue");
        (await fixture.Anonymous().GetAsync($"/portraits/{id}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
