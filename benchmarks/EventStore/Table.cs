using System.Globalization;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>One line of the result. Empty where it has no meaning.</summary>
/// <param name="Met">Null: a figure without a goal.</param>
sealed record Row(
    string Work,
    string At,
    string Measured,
    string P50 = "",
    string P99 = "",
    string Ratio = "",
    string Marten = "",
    string Goal = "",
    bool? Met = null,
    string Server = "",
    string Client = ""
);

/// <summary>A Markdown table that also reads well in a terminal.</summary>
static class Table
{
    static readonly string[] head =
    [
        "work",
        "at",
        "measured",
        "p50 ms",
        "p99 ms",
        "of bare",
        "Marten, a session per command",
        "goal",
        "",
        "server µs",
        "client µs",
    ];

    public static string Render(IReadOnlyList<Row> rows)
    {
        string[][] cells =
        [
            head,
            .. rows.Select(r =>
                new[]
                {
                    r.Work,
                    r.At,
                    r.Measured,
                    r.P50,
                    r.P99,
                    r.Ratio,
                    r.Marten,
                    r.Goal,
                    r.Met switch
                    {
                        true => "met",
                        false => "**missed**",
                        null => "",
                    },
                    r.Server,
                    r.Client,
                }
            ),
        ];
        var widths = Enumerable.Range(0, head.Length).Select(c => cells.Max(row => row[c].Length)).ToArray();
        var lines = cells.Select(row => "| " + string.Join(" | ", row.Select((cell, c) => cell.PadRight(widths[c]))) + " |").ToList();
        lines.Insert(1, "|" + string.Join("|", widths.Select(w => new string('-', w + 2))) + "|");
        return string.Join('\n', lines);
    }

    public static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Rate(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
