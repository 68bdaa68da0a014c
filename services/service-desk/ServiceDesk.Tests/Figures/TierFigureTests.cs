using System.Net;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Figures;

/// <summary>How promises were kept in each tier. A room of its own.</summary>
public class TierFigureTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly DateTimeOffset day = new(2024, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task promises_and_waiting_are_shown_for_each_tier_the_highest_first()
    {
        // Normal tickets are answered within 8 hours, those of Gold customers, which are high, within one.
        foreach (
            var (tier, points, minutes) in new (string?, long, int?[])[]
            {
                (null, 0, [10]),
                ("Bronze", 0, [30, 60, 481, null]),
                ("Gold", 2_000, [5, 15, 61]),
                ("Silver", 500, [479]),
            }
        )
        foreach (var answered in minutes)
        {
            var customer = Guid.CreateVersion7();
            if (tier is not null)
                await fixture.Hear("loyalty", new Contracts.TierChanged(customer, null, tier, points, day.AddDays(-9), "qualified"));
            var id = (await fixture.Post("tickets", Request(customer, occurredAt: day), HttpStatusCode.Created)).Id;
            if (answered is { } after)
                await fixture.Post($"tickets/{id}/replies", At("replies", day.AddMinutes(after)));
        }
        await fixture.CatchUp();
        (await Shown(day.AddDays(2))).ShouldBe([
            ("Gold", 3, 2, 1, .6667m, 15, 61),
            ("Silver", 1, 1, 0, 1, 479, 479),
            ("Bronze", 4, 2, 2, .5m, 60, 481),
            (null, 1, 1, 0, 1, 10, 10),
        ]);
        (await Shown(day.AddMinutes(59)))
            .Where(t => t.Tier is "Gold" or "Bronze")
            .ShouldBe([("Gold", 3, 2, 0, 1, 5, 15), ("Bronze", 4, 1, 0, 1, 30, 30)], "what is not due yet is neither met nor missed");
        await Problem(await fixture.Agent().GetAsync("/api/service-desk/figures/tiers?from=2024-03-02&until=2024-03-01"), 400);
    }

    async Task<(string? Tier, long, long, long, decimal?, decimal?, decimal?)[]> Shown(DateTimeOffset asOf) =>
        [
            .. (
                await fixture.Get(
                    $"figures/tiers?from={day:yyyy-MM-dd}T00:00:00Z&until=2024-03-02T00:00:00Z&asOf={asOf:yyyy-MM-ddTHH:mm:ssZ}"
                )
            )
                .GetProperty("tiers")
                .EnumerateArray()
                .Select(t => (t, first: t.GetProperty("firstResponse")))
                .Select(t =>
                    (
                        t.t.GetProperty("tier").GetString(),
                        t.t.GetProperty("opened").GetInt64(),
                        t.first.GetProperty("met").GetInt64(),
                        t.first.GetProperty("missed").GetInt64(),
                        Number(t.first, "attainment"),
                        Number(t.first, "medianMinutes"),
                        Number(t.first, "p90Minutes")
                    )
                ),
        ];

    static decimal? Number(JsonElement of, string name) =>
        of.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;
}
