using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// Asks those of the sample who had a ticket whether they would recommend the shop, as it was done ten days ago: who answered what is ours,
/// by the customers' ids.
/// </summary>
public static class AskSurvey
{
    private static readonly int[] Scores = [10, 9, 9, 8, 10, 7, 9, 5, 10, 3, 8, 9, 6, 10];
    private static readonly string[] Reasons = ["price", "range", "service"];
    private const string Survey = "/api/service-desk/surveys/recommend-the-shop";

    /// <summary>Repeated it changes nothing.</summary>
    public static async Task Run(Api api, IReadOnlyList<string> customers, TimeProvider clock, CancellationToken ct)
    {
        await api.Put(Survey, Content(), ct);
        // A wave of the day is the same one when the load is repeated on it.
        var asked = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-10).AddHours(9);
        foreach (var chunk in customers.Order(StringComparer.Ordinal).Chunk(1_000))
        {
            var wave = await api.Post(
                $"{Survey}/invitations",
                new
                {
                    customers = chunk,
                    wave = "after-the-year",
                    occurredAt = asked,
                },
                ct
            );
            foreach (var invited in wave!["customers"]!.AsArray().Where(c => c!["outcome"]!.GetValue<string>() == "invited"))
                await Answer(api, invited!, asked, ct);
        }
        var results = await api.Get($"{Survey}/results", ct);
        var score = results["questions"]![0]!;
        AnsiConsole.WriteLine(
            $"survey:    {results["invited"]} asked, {results["finished"]} answered, "
                + $"NPS {score["nps"]?["score"]} [{score["nps"]?["low"]}, {score["nps"]?["high"]}]"
        );
    }

    private static async Task Answer(Api api, JsonNode invited, DateTimeOffset asked, CancellationToken ct)
    {
        // The last digits of an id are as good as chance, and the same whenever the demo runs on the same installation.
        var chance = Convert.ToInt32(invited["customerId"]!.GetValue<string>()[^4..], 16);
        if (chance % 10 < 5)
            return;
        var score = Scores[chance % Scores.Length];
        await api.Post(
            $"/api/service-desk/invitations/{invited["invitationId"]}/answer",
            new
            {
                answers = new object[]
                {
                    new { question = "recommend", score },
                    new { question = "reasons", codes = new[] { Reasons[chance % Reasons.Length] } },
                },
                occurredAt = asked.AddHours(1 + (chance % 200)),
            },
            ct
        );
    }

    private static object Content() =>
        new
        {
            kind = "relational",
            metric = "recommend",
            title = Both("您会推荐我们吗？", "Would you recommend us?"),
            purpose = Both("您的回答用于改进我们的商店。", "Your answers help us to improve our shop."),
            questions = new object[]
            {
                new
                {
                    id = "recommend",
                    type = "nps",
                    required = true,
                    label = Both("您有多大可能向朋友推荐我们？", "How likely are you to recommend us to a friend?"),
                },
                new
                {
                    id = "reasons",
                    type = "choice",
                    many = true,
                    label = Both("主要原因是？", "What are your main reasons?"),
                    choices = new object[]
                    {
                        new { code = "price", label = Both("价格", "Prices") },
                        new { code = "range", label = Both("商品", "Range of goods") },
                        new { code = "service", label = Both("服务", "Service") },
                    },
                },
                new
                {
                    id = "better",
                    type = "text",
                    label = Both("我们可以改进什么？", "What can we do better?"),
                    showIf = new { question = "recommend", codes = new[] { "0", "1", "2", "3", "4", "5", "6" } },
                },
            },
        };

    private static object Both(string zh, string en) => new { zh, en };
}
