using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>What the contexts say, beside what a plain reading of the files gives.</summary>
public static class Figures
{
    /// <summary>False when a number of the platform is not that of the files.</summary>
    public static async Task<bool> Print(Api api, JsonNode run, SampleTotals files, CancellationToken ct)
    {
        var customers = await api.Get("/api/customers/summary", ct);
        var segmentation = await api.Get("/api/segmentation/summary", ct);
        var loyalty = await api.Get("/api/loyalty/summary", ct);
        var desk = await api.Get("/api/service-desk/summary", ct);

        var compared = new (string What, decimal Platform, decimal Files)[]
        {
            ("customers", Number(customers["customers"]), files.Customers),
            ("purchases", Number(customers["purchases"]), files.Purchases),
            (
                "net revenue USD",
                customers["netRevenue"]!
                    .AsArray()
                    .Where(sum => sum!["currency"]!.GetValue<string>() == "USD")
                    .Sum(sum => Number(sum!["amount"])),
                files.Net
            ),
            ("points earned", Number(loyalty["pointsEarned"]), files.Points),
            ("points accounts", Number(loyalty["accounts"]), files.Customers),
            ("scored customers", Number(run["customers"]), files.Customers),
            ("tickets", Number(desk["open"]) + Number(desk["waiting"]) + Number(desk["resolved"]) + Number(desk["closed"]), files.Tickets),
            ("open tickets", Number(desk["open"]), files.OpenTickets),
        };
        var table = new Table().AddColumns("", "platform", "files", "");
        foreach (var column in table.Columns.Skip(1).Take(2))
            column.Alignment = Justify.Right;
        foreach (var row in compared)
            table.AddRow(
                row.What,
                Show(row.Platform),
                Show(row.Files),
                row.Platform == row.Files ? "[green]equal[/]" : "[red]DIFFERENT[/]"
            );
        AnsiConsole.Write(table);

        await PrintEvents(api, ct);
        Counts($"RFM segments as of {run["asOf"]}", run["counts"]!["segments"]!, segmentation["rfmSegments"]);
        Counts("the eight types", run["counts"]!["chineseTypes"]!, segmentation["chineseTypes"]);
        Counts("ABC", run["counts"]!["grades"]!, segmentation["abc"]);
        Counts("lifecycle", segmentation["lifecycle"]!);
        Counts("tiers", loyalty["tiers"]!);
        Console.WriteLine(
            $"points: earned {Number(loyalty["pointsEarned"]):N0}, redeemed {Number(loyalty["pointsRedeemed"]):N0}, "
                + $"expired {Number(loyalty["pointsExpired"]):N0}, reversed {Number(loyalty["pointsReversed"]):N0}, "
                + $"balance {Number(loyalty["balance"]):N0}"
        );
        Console.WriteLine(
            $"tickets: {desk["open"]} open, {desk["waiting"]} waiting, {desk["resolved"]} resolved, {desk["closed"]} closed, "
                + $"{desk["breached"]} late; satisfaction {desk["satisfaction"]?["mean"]} of 5 "
                + $"({desk["satisfaction"]?["answers"]} answers)"
        );
        return compared.All(row => row.Platform == row.Files);
    }

    private static async Task PrintEvents(Api api, CancellationToken ct)
    {
        var table = new Table().AddColumns("events", "kinds", "total");
        table.Columns[1].Alignment = table.Columns[2].Alignment = Justify.Right;
        foreach (var part in Part.Logs)
        {
            var kinds = (await api.Get($"{part.ApiPath}/ops/events", ct)).AsObject();
            table.AddRow(part.Name, Show(kinds.Count), Show(kinds.Sum(kind => Number(kind.Value))));
        }
        AnsiConsole.Write(table);
    }

    /// <param name="title">What is counted.</param>
    /// <param name="counts">A number per name.</param>
    /// <param name="order">The same names in the order in which people think of them.</param>
    private static void Counts(string title, JsonNode counts, JsonNode? order = null)
    {
        var rows = (order ?? counts).AsObject().Select(pair => (pair.Key, Count: Number(counts[pair.Key]))).ToList();
        var all = Math.Max(1, rows.Sum(row => row.Count));
        var table = new Table().AddColumns(title.EscapeMarkup(), "customers", "share");
        table.Columns[1].Alignment = table.Columns[2].Alignment = Justify.Right;
        foreach (var (name, count) in rows)
            table.AddRow(name.EscapeMarkup(), Show(count), (count / all).ToString("P1", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
    }

    private static decimal Number(JsonNode? node) =>
        node is null ? 0 : decimal.Parse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Show(decimal value) => value.ToString(value == Math.Floor(value) ? "N0" : "N2", CultureInfo.InvariantCulture);
}
