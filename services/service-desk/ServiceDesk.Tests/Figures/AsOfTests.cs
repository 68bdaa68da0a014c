using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Figures;

/// <summary>Figures as they were at an instant. A room of its own.</summary>
public class AsOfTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly DateTimeOffset day = new(2024, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task what_happened_later_does_not_change_what_was()
    {
        var id = await fixture.Open(day);
        await fixture.Post($"tickets/{id}/assign", At(new { agent = "agent-1" }, day.AddMinutes(1)));
        await fixture.Post($"tickets/{id}/replies", At("replies", day.AddMinutes(10)));
        await fixture.Post($"tickets/{id}/wait", At("wait", day.AddHours(1)));
        await fixture.Post($"tickets/{id}/resume", At("resume", day.AddHours(4)));
        await fixture.Post($"tickets/{id}/resolve", At("resolve", day.AddHours(5)));
        await fixture.Post($"tickets/{id}/reopen", At("reopen", day.AddHours(7)));
        await fixture.Post($"tickets/{id}/assign", At(new { agent = "agent-2" }, day.AddHours(8)));
        await fixture.Post($"tickets/{id}/resolve", At("resolve", day.AddDays(3)));

        (await Shown(TimeSpan.FromMinutes(-1))).ShouldBe((0, 0, 0, 0, (0, 0), (0, 0), 0, 0, 0));
        (await Shown(TimeSpan.FromMinutes(5))).ShouldBe((1, 0, 0, 0, (0, 0), (0, 0), .08m, 0, 0));
        (await Shown(TimeSpan.FromHours(2))).ShouldBe((1, 0, 0, 0, (1, 0), (0, 0), 1, 1, 0));
        (await Shown(TimeSpan.FromHours(6))).ShouldBe((1, 1, 1, 0, (1, 0), (1, 0), 2, 3, 1));
        (await Shown(TimeSpan.FromHours(9))).ShouldBe((1, 0, 0, 1, (1, 0), (0, 0), 4, 3, 2));
        (await Shown(TimeSpan.FromDays(4))).ShouldBe((1, 1, 0, 1, (1, 0), (0, 1), 67, 3, 26), "it took more than 24 hours");
        await fixture.Daemon.Rebuild("promise-list");
        await fixture.Daemon.Rebuild("ticket-spans");
        (await Shown(TimeSpan.FromHours(6))).ShouldBe((1, 1, 1, 0, (1, 0), (1, 0), 2, 3, 1));

        foreach (var wrong in new[] { "asOf=2999-01-01T00:00:00Z", "asOf=x" })
            await Problem(await fixture.Agent().GetAsync($"/api/service-desk/figures?from={day:yyyy-MM-dd}&until=2025-01-01&{wrong}"), 400);
        foreach (
            var wrong in new[]
            {
                "figure=x",
                "figure=met",
                "figure=opened&promise=resolution",
                "figure=met&promise=x",
                "figure=opened&after=x",
            }
        )
            await Problem(
                await fixture
                    .Agent()
                    .GetAsync($"/api/service-desk/figures/tickets?from=2024-03-01T00:00:00Z&until=2024-03-02T00:00:00Z&{wrong}"),
                400
            );
    }

    async Task<(long, long, long, long, (long, long), (long, long), decimal, decimal, decimal)> Shown(TimeSpan after)
    {
        var asOf = Uri.EscapeDataString($"{day + after:O}");
        var f = await fixture.Get($"figures?from=2024-03-01T00:00:00Z&until=2024-03-02T00:00:00Z&asOf={asOf}");
        long N(string name) => f.GetProperty(name).GetInt64();
        (long, long) Kept(string name) =>
            (f.GetProperty(name).GetProperty("met").GetInt64(), f.GetProperty(name).GetProperty("missed").GetInt64());
        decimal H(string name) => f.GetProperty("hours").GetProperty(name).GetDecimal();
        return (
            N("opened"),
            N("solved"),
            N("firstContact"),
            N("reopened"),
            Kept("firstResponse"),
            Kept("resolution"),
            H("active"),
            H("waiting"),
            H("solved")
        );
    }
}
