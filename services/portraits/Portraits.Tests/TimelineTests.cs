using System.Text.Json;

namespace CrmPlatform.Portraits.Tests;

[Collection("portraits")]
public sealed class TimelineTests(PortraitsFixture fixture)
{
    static DateTimeOffset At(string text) => PortraitsFixture.At(text);

    async Task<Guid> WithHistory()
    {
        var id = await fixture.Somebody();
        await fixture.Hear(
            "customers",
            PortraitsFixture.Purchase(id, 20, "2026-03-01T15:00:00Z"),
            PortraitsFixture.Purchase(id, 30, "2026-04-01T15:00:00Z"),
            new Contracts.PageViewed(id, Guid.CreateVersion7(), "/shoes", null, "web", At("2026-04-02T10:00:00Z"))
        );
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
            new Contracts.TierChanged(id, null, "Bronze", 0, At("2026-03-01T15:00:00Z"))
        );
        return id;
    }

    async Task<List<JsonElement>> Items(Guid id, string query) =>
        [.. (await fixture.Get($"/api/customers/{id}/timeline?{query}")).GetProperty("items").EnumerateArray()];

    [Fact]
    public async Task items_equal_public_facts_and_pages_and_filters_agree()
    {
        var id = await WithHistory();
        var all = await Items(id, "limit=200");
        all.Count.ShouldBe(6);
        all.Select(i => (i.GetProperty("occurredAt").GetDateTimeOffset(), i.GetProperty("eventId").GetGuid()))
            .ShouldBe(
                all.Select(i => (i.GetProperty("occurredAt").GetDateTimeOffset(), i.GetProperty("eventId").GetGuid())).OrderDescending()
            );
        var (paged, after) = (new List<string>(), (string?)null);
        do
        {
            var page = await fixture.Get($"/api/customers/{id}/timeline?limit=2{(after is null ? "" : "&after=" + after)}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("eventId").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);
        paged.ShouldBe(all.Select(i => i.GetProperty("eventId").GetString()!));
        (await Items(id, "context=loyalty")).Count.ShouldBe(2);
        (await Items(id, "contract=customers.page-viewed")).Single().GetProperty("data").GetProperty("page").GetString().ShouldBe("/shoes");
        (await Items(id, "channel=store&from=2026-03-15T00:00:00Z")).Count.ShouldBe(1);
        (await Items(id, "to=2026-03-01T15:00:00Z")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("after=yesterday")]
    [InlineData("after=639000000000000000-x")]
    [InlineData("from=soon")]
    [InlineData("channel=%00")]
    public async Task a_query_that_means_nothing_is_refused(string query) =>
        await fixture.Get($"/api/customers/{await fixture.Somebody()}/timeline?{query}", 400);

    [Fact]
    public async Task what_postgresql_cannot_take_harms_no_later_request()
    {
        var id = await fixture.Somebody();
        foreach (
            var (query, status) in new[]
            {
                ("channel=%00", 400),
                ("context=%00", 400),
                ("limit=1", 200),
                ("contract=%00", 400),
                ("limit=1", 200),
            }
        )
            await fixture.Get($"/api/customers/{id}/timeline?{query}", status);
    }

    [Fact]
    public async Task an_export_takes_the_whole_timeline_and_names_nobody()
    {
        var id = await WithHistory();
        var held = await fixture.Get($"/api/portraits/customers/{id}/personal");
        held.EnumerateArray()
            .Select(e => e.GetProperty("contract").GetString())
            .ShouldBe(
                [
                    "customers.customer-registered",
                    "customers.purchase-recorded",
                    "loyalty.points-earned",
                    "loyalty.tier-changed",
                    "customers.purchase-recorded",
                    "customers.page-viewed",
                ],
                ignoreOrder: true
            );
        (await fixture.Get($"/api/portraits/customers/{Guid.CreateVersion7()}/personal")).GetArrayLength().ShouldBe(0);
    }
}
