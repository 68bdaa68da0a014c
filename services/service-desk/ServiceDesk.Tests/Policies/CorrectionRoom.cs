using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenCorrections;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>A desk in Shanghai with the hours and promises that ship with the service, on Wednesday, 30 September 2026.</summary>
public sealed class CorrectionRoom : RulesRoom
{
    public static readonly DateTimeOffset Now = Sep(30, "09:00").ToUniversalTime();

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>([new("ServiceDesk:BreachEvery", "01:00:00"), Customers.Setting]);

    public override async Task InitializeAsync()
    {
        Clock.Stop(Now);
        await base.InitializeAsync();
    }

    internal Task<JsonElement> Correct(string day, bool dryRun = false, Guid? after = null) =>
        Ask(
            HttpMethod.Post,
            $"rules/calendars/default/correct?dryRun={dryRun}",
            new
            {
                days = new Dictionary<string, string[]> { [day] = [] },
                reason = "holiday-forgotten",
                after,
            }
        );

    /// <summary>A request of the past, answered at an instant: 8 business hours were promised.</summary>
    internal async Task<Guid> Answered(DateTimeOffset opened, DateTimeOffset? answered)
    {
        var id = await this.Open(opened);
        if (answered is { } at)
            await this.Post($"tickets/{id}/replies", At("replies", at));
        return id;
    }

    internal async Task<BreachExcused[]> Excuses(Guid ticket) =>
        [.. (await Store.FetchStream(ticket)).Select(e => e.Data).OfType<BreachExcused>()];

    internal async Task<(long Met, long Missed)> FirstResponses(DateTimeOffset asOf)
    {
        var query = $"from=2026-09-24T00:00:00Z&until=2026-09-25T00:00:00Z&asOf={Uri.EscapeDataString($"{asOf:O}")}";
        var (met, missed) = (await Count(query, "met"), await Count(query, "missed"));
        var figures = (await this.Get($"figures?{query}")).GetProperty("firstResponse");
        (figures.GetProperty("met").GetInt64(), figures.GetProperty("missed").GetInt64()).ShouldBe((met, missed));
        return (met, missed);
    }

    async Task<long> Count(string query, string figure) =>
        (await this.Get($"figures/tickets?{query}&figure={figure}&promise=first-response")).GetProperty("items").GetArrayLength();
}
