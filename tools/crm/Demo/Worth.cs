using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>What the scores of the sample shop were worth: what its classes and a model of lifetime said, and what happened.</summary>
public static class Worth
{
    public static async Task Print(Api api, Sample sample, CancellationToken ct)
    {
        await BackTest(api, new DateOnly(2017, 6, 30).AddDays(7 * sample.Weeks), ct);
        await Lifetime(api, Sample.LastDay.AddDays(7 * sample.Weeks), ct);
    }

    private static async Task BackTest(Api api, DateOnly cut, CancellationToken ct)
    {
        var made = await api.Post("/api/segmentation/back-tests", new { cut = $"{cut:yyyy-MM-dd}", days = 180 }, ct);
        var test = await api.Get($"/api/segmentation/back-tests/{made!["id"]}", ct);
        var table = Table($"ABC of {cut:yyyy-MM-dd}", "customers", "of revenue then", "180 days after", "lift", "inactive after");
        foreach (var c in test["schemes"]!.AsArray().First(s => s!["scheme"]!.GetValue<string>() == "abc")!["classes"]!.AsArray())
            table.AddRow(
                $"{c!["class"]}",
                $"{c["customers"]}",
                Share(c["shareNow"]),
                Share(c["shareNext"]),
                $"{c["lift"]}",
                Share(c["inactiveNext"])
            );
        AnsiConsole.Write(table);
        var ranking = test["ranking"]!;
        Console.WriteLine(
            $"verdict: {test["verdict"]}; the top fifth by revenue made {Share(ranking["topQuintile"])} of what followed "
                + $"(by chance {Share(ranking["randomLow"])} to {Share(ranking["randomHigh"])}, p {ranking["p"]})"
        );
    }

    /// <summary>A fit from 26 weeks before the last day, and what came of it.</summary>
    private static async Task Lifetime(Api api, DateOnly asOf, CancellationToken ct)
    {
        var made = await api.Post("/api/segmentation/lifetime/models", new { asOf = $"{asOf:yyyy-MM-dd}" }, ct);
        var model = await api.Get($"/api/segmentation/lifetime/models/{made!["id"]}", ct);
        Console.WriteLine(
            $"lifetime model {model["kind"]} as of {asOf:yyyy-MM-dd}: {model["state"]}"
                + (model["reason"] is { } why ? $", {why}: nobody is scored with it" : "")
        );
        if (model["calibration"]?["measured"] is not { } measured)
        {
            Console.WriteLine($"no back-test of it: {model["calibration"]?["missing"]}");
            return;
        }
        Console.WriteLine(
            $"back-test over 26 weeks: Brier {Number(measured["brier"])}, skill {Number(measured["skill"])}, AUC {Number(measured["auc"])}"
        );
        var byValue = measured["byValue"]!.AsArray();
        var table = Table(byValue.Count > 0 ? "tenth by CLV" : "tenth by P(purchase)", "customers", "predicted", "observed");
        var tenth = 0;
        foreach (var d in byValue.Count > 0 ? byValue : measured["deciles"]!.AsArray())
            table.AddRow($"{++tenth}", $"{d!["customers"]}", Number(d["predicted"]), Number(d["observed"]));
        AnsiConsole.Write(table);
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table().AddColumns(columns);
        foreach (var column in table.Columns.Skip(1))
            column.Alignment = Justify.Right;
        return table;
    }

    private static string Share(JsonNode? share) =>
        share is null ? "" : share.GetValue<decimal>().ToString("P1", CultureInfo.InvariantCulture);

    private static string Number(JsonNode? number) =>
        number is null ? "" : number.GetValue<double>().ToString("0.###", CultureInfo.InvariantCulture);
}
