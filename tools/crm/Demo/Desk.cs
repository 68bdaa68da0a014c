using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>How the desk kept its promises in the sample's year, what customers spoke about, and what is done about it.</summary>
public static class Desk
{
    private const string Api = "/api/service-desk/";

    public static async Task Print(Api api, int tickets, TimeProvider clock, CancellationToken ct)
    {
        AnsiConsole.Write(new Rule("the desk") { Justification = Justify.Left });
        var period =
            $"from={clock.GetUtcNow().AddYears(-2):yyyy-MM-dd}T00:00:00Z&until={clock.GetUtcNow().AddDays(1):yyyy-MM-dd}T00:00:00Z";
        var figures = await api.Get($"{Api}figures?{period}", ct);
        foreach (
            var (what, name) in new[] { ("first response", "firstResponse"), ("next update", "nextUpdate"), ("solution", "resolution") }
        )
        {
            var of = figures[name]!;
            var median = of["medianMinutes"]?.ToString() ?? "-";
            Console.WriteLine($"{what + ":", -16} {of["met"]} kept, {of["missed"]} broken; median {median} business minutes");
        }
        var complaints = await api.Get($"{Api}figures/complaints?by=category&{period}", ct);
        Console.WriteLine(
            "complaints:      "
                + string.Join(", ", complaints["groups"]!.AsArray().Take(3).Select(g => $"{g!["key"]} {g["count"]}"))
                + $"; {complaints["total"]!["repeats"]} repeats"
        );
        var themes = await Coded(api, period, tickets, ct);
        var top = themes["themes"]!.AsArray().Take(3).ToList();
        Console.WriteLine(
            $"themes:          "
                + string.Join(", ", top.Select(t => $"{t!["theme"]} {t["items"]} ({Percent(t["share"]!)})"))
                + $"; of {themes["texts"]} texts {themes["uncoded"]} are about none"
        );
        var loops = await api.Get($"{Api}figures/loops?{period}", ct);
        Console.WriteLine($"loops:           {loops["opened"]} customers to be spoken with, {loops["contacted"]} were");
        if (top is [{ } first, ..])
            await Act(api, first["theme"]!.GetValue<string>(), clock, ct);
    }

    /// <summary>Rules code what was imported within seconds.</summary>
    private static async Task<JsonNode> Coded(Api api, string period, int tickets, CancellationToken ct)
    {
        for (var tries = 60; ; tries--)
        {
            var themes = await api.Get($"{Api}feedback/themes?{period}", ct);
            if (themes["texts"]!.GetValue<long>() >= tickets || tries == 0)
                return themes;
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }
    }

    /// <summary>Somebody is to do something about it; repeated it is the same action.</summary>
    private static async Task Act(Api api, string theme, TimeProvider clock, CancellationToken ct)
    {
        var actions = await api.Get($"{Api}corrective-actions?theme={theme}", ct);
        if (actions["items"]!.AsArray().Count == 0)
        {
            var dueAt = clock.GetUtcNow().AddDays(30);
            await api.Post(
                $"{Api}corrective-actions",
                new
                {
                    title = "Review the process with its owners",
                    theme,
                    owner = "lead-1",
                    dueAt,
                },
                ct
            );
            actions = await api.Get($"{Api}corrective-actions?theme={theme}", ct);
        }
        var action = actions["items"]![0]!;
        Console.WriteLine(
            $"action:          {action["title"]} ({theme}): {action["state"]}, due {action["dueAt"]!.GetValue<DateTimeOffset>():yyyy-MM-dd}"
        );
    }

    private static string Percent(JsonNode share) =>
        decimal.Parse(share.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture).ToString("P1", CultureInfo.InvariantCulture);
}
