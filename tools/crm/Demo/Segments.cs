using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>Three rule segments of the sample shop: published, previewed, explained.</summary>
public static class Segments
{
    private static readonly (string Code, string Zh, string En, string Purpose, object Rule)[] Drafts =
    [
        (
            "fresh-of-jiangnan",
            "江南鲜蔬常客",
            "Fresh produce, Jiangnan",
            "service",
            new
            {
                all = new object[]
                {
                    new { profile = new { field = "province", @in = new[] { "江苏省", "浙江省", "安徽省" } } },
                    Bought("PRODUCE", 4, 90),
                    new { not = new { openTickets = new { kind = "complaint", atLeast = 1 } } },
                    new
                    {
                        not = new
                        {
                            score = new
                            {
                                of = "tier",
                                @in = new[] { "Gold" },
                                missing = "no",
                            },
                        },
                    },
                },
            }
        ),
        (
            "quiet-families",
            "安静的大家庭",
            "Large families gone quiet",
            "marketing",
            new
            {
                all = new object[]
                {
                    new { profile = new { field = "householdSize", atLeast = 4 } },
                    new { silence = new { since = "purchase", atLeastDays = 21 } },
                },
            }
        ),
        (
            "let-down",
            "失望的好客户",
            "Good customers, let down",
            "service",
            new
            {
                all = new object[]
                {
                    new { score = new { of = "abc", @in = new[] { "A", "B" } } },
                    new
                    {
                        any = new object[]
                        {
                            new { did = new { of = new { what = "breach" }, atLeast = 1 } },
                            new { did = new { of = new { what = "survey", maxScore = 2 }, atLeast = 1 } },
                        },
                    },
                },
            }
        ),
    ];

    public static async Task Print(Api api, CancellationToken ct)
    {
        foreach (var (code, zh, en, purpose, rule) in Drafts)
        {
            await Draft(api, code, zh, en, purpose, rule, ct);
            await api.Post($"{Of(code)}/publish", new { }, ct);
        }
        await Settled(api, ct);
        var table = new Table().AddColumns("rule segments", "members", "");
        table.Columns[1].Alignment = Justify.Right;
        foreach (var (code, zh, en, _, _) in Drafts)
            table.AddRow(code, $"{(await api.Get(Of(code), ct))["segment"]!["members"]}", $"{zh} · {en}");
        AnsiConsole.Write(table);
        await Preview(api, ct);
        await Explain(api, ct);
    }

    /// <summary>A wider draft of the first: what publishing it would do. Nobody is moved by it, and the draft is put back.</summary>
    private static async Task Preview(Api api, CancellationToken ct)
    {
        var (code, zh, en, purpose, rule) = Drafts[0];
        await Draft(api, code, zh, en, purpose, new { all = new[] { Bought("PRODUCE", 8, 90) } }, ct);
        var preview = (await api.Post($"{Of(code)}/preview", new { }, ct))!;
        await Draft(api, code, zh, en, purpose, rule, ct);
        Console.WriteLine(
            $"preview: produce 8 times in 90 days, wherever they live: {preview["entering"]} would enter, {preview["leaving"]} leave, "
                + $"{preview["staying"]} stay, of {preview["customers"]}; by stage {preview["byStage"]!.ToJsonString()}; "
                + string.Join(", ", preview["overlaps"]!.AsArray().Select(o => $"{o!["customers"]} are in {o["code"]}, too"))
        );
    }

    private static async Task Explain(Api api, CancellationToken ct)
    {
        foreach (var (code, _, _, _, _) in Drafts)
        {
            var members = (await api.Get($"{Of(code)}/members?limit=1", ct))["items"]!.AsArray();
            if (members.Count == 0)
                continue;
            var customer = members[0]!["customerId"]!.GetValue<string>();
            var why = await api.Get($"{Of(code)}/members/{customer}/explain", ct);
            AnsiConsole.Write(new Rule($"why {customer} is in {code}") { Justification = Justify.Left });
            Lines(why["rule"]!, 0);
            Console.WriteLine($"  until {why["validUntil"]?.ToString() ?? "something new is told"}, if nothing new is told");
            return;
        }

        static void Lines(JsonNode condition, int depth)
        {
            var evidence = condition["evidence"]!.AsArray().Count;
            Console.WriteLine(
                $"{new string(' ', 2 + 2 * depth)}{condition["text"]!["zh"]}  ·  {condition["text"]!["en"]}"
                    + (evidence > 0 ? $"  ({evidence} facts)" : "")
            );
            foreach (var part in condition["of"]!.AsArray())
                Lines(part!, depth + 1);
        }
    }

    /// <summary>What was published has come to every customer, and who entered or left is shown.</summary>
    private static async Task Settled(Api api, CancellationToken ct)
    {
        while (!(await api.Get(Of(Drafts[^1].Code), ct))["settled"]!.GetValue<bool>())
            await Task.Delay(200, ct);
        await CaughtUp.Wait(api, ct);
    }

    private static Task<JsonNode?> Draft(Api api, string code, string zh, string en, string purpose, object rule, CancellationToken ct) =>
        api.Put(
            Of(code),
            new
            {
                names = new { zh, en },
                purpose,
                rule,
            },
            ct
        );

    private static object Bought(string category, int atLeast, int days) =>
        new
        {
            purchases = new
            {
                measure = "count",
                category,
                atLeast,
                within = new { days },
            },
        };

    private static string Of(string code) => $"/api/segmentation/rule-segments/{code}";
}
