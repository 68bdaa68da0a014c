using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Portraits.Portraits;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Tests;

/// <summary>A purchase that was never made counts at no moment, but for what was known before.</summary>
[Collection("portraits")]
public sealed class RetractedPurchaseTests(PortraitsFixture fixture)
{
    static Contracts.PurchaseRetracted Retracted(Contracts.PurchaseRecorded p) =>
        new(p.CustomerId, p.PurchaseId, p.Channel, p.Currency, p.Net, p.BaseCurrency, p.BaseNet, p.OccurredAt);

    [Fact]
    public async Task it_counts_no_more_as_of_any_moment_but_for_what_was_known()
    {
        var customer = Guid.CreateVersion7();
        var (kept, wrong) = (
            PortraitsFixture.Purchase(customer, 10, "2026-05-04T10:00:00Z"),
            PortraitsFixture.Purchase(customer, 70, "2026-05-06T10:00:00Z")
        );
        await fixture.Hear(
            "customers",
            new Contracts.CustomerRegistered(customer, "individual", null, PortraitsFixture.At("2026-05-01T10:00:00Z")),
            kept,
            wrong
        );
        var known = fixture.Clock.GetUtcNow();
        await Task.Delay(20);
        (await Bought()).ShouldBe((2, 80));
        await fixture.Hear("customers", Retracted(wrong));
        (await Bought()).ShouldBe((1, 10));
        (await Bought("?asOf=2026-05-10")).ShouldBe((1, 10));
        (await Bought($"?knownAt={Uri.EscapeDataString(known.ToString("O"))}")).ShouldBe((2, 80));
        // What is told after it comes to the portrait that was made again.
        await fixture.Hear("customers", PortraitsFixture.Purchase(customer, 5, "2026-05-07T10:00:00Z"));
        (await Bought()).ShouldBe((2, 15));

        async Task<(int, decimal)> Bought(string moment = "")
        {
            var shown = await fixture.All().GetFromJsonAsync<JsonElement>($"/api/customers/{customer}/portrait{moment}");
            var behaviour = shown.GetProperty("behaviour");
            return (
                behaviour.GetProperty("purchases").GetProperty("value").GetInt32(),
                behaviour.GetProperty("netRevenue").GetProperty("value").GetDecimal()
            );
        }
    }

    [Fact]
    public void in_whatever_order_it_is_heard_it_is_as_if_it_had_never_been()
    {
        var customer = Guid.CreateVersion7();
        var (kept, wrong) = (
            PortraitsFixture.Purchase(customer, 10, "2026-05-04T10:00:00Z"),
            PortraitsFixture.Purchase(customer, 70, "2026-05-03T10:00:00Z")
        );
        var entries = new object[] { kept, wrong, Retracted(wrong) }
            .SelectMany(c => Entry.Of(PortraitsFixture.AsFact("customers", c)))
            .ToList();
        var folded = Fold(entries);
        Fold([.. entries.AsEnumerable().Reverse()]).ShouldBe(folded);
        // The retraction first, and the purchase in a later page.
        Json(State().With([entries[2]], TimeZoneInfo.Utc).With(entries[..2], TimeZoneInfo.Utc)).ShouldBe(folded);
        var state = State().With(entries, TimeZoneInfo.Utc);
        (state.Purchases!.Value, state.NetRevenue!.Value, state.FirstPurchase!.Value).ShouldBe((1, 10, kept.OccurredAt));

        PortraitState State() => new() { CustomerId = customer };
        string Fold(IReadOnlyList<Entry> all) => Json(State().With(all, TimeZoneInfo.Utc));
        static string Json(PortraitState s) => JsonSerializer.Serialize(s, EventSourcing.EventStoreOptions.Json);
    }

    [Fact]
    public async Task kinds_of_facts_are_counted_by_customer()
    {
        var customer = Guid.CreateVersion7();
        await fixture.Hear(
            "customers",
            PortraitsFixture.Purchase(customer, 10, "2026-05-04T10:00:00Z"),
            PortraitsFixture.Purchase(customer, 11, "2026-05-04T11:00:00Z")
        );
        var answer = await fixture
            .All()
            .PostAsJsonAsync("/api/portraits/counts", new { customerIds = new[] { customer, Guid.CreateVersion7() } });
        var counts = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().ToList();
        counts.Count.ShouldBe(1);
        (counts[0].GetProperty("contract").GetString(), counts[0].GetProperty("facts").GetInt64()).ShouldBe(
            ("customers.purchase-recorded", 2)
        );
    }
}
