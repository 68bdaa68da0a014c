using System.Globalization;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>One line of the result.</summary>
/// <param name="Met">Null: a figure without a goal.</param>
sealed record Row(string Work, Slice Slice, string Ratio = "", string Note = "", string Goal = "", bool? Met = null);

/// <summary>Markdown tables that also read well in a terminal.</summary>
static class Table
{
    public static string Results(IReadOnlyList<Row> rows) =>
        Render([
            ["work", "requests/s", "p50 ms", "p99 ms", "answer bytes", "of bare", "goal", ""],
            .. rows.Select(row =>
                new[]
                {
                    row.Work,
                    Whole(row.Slice.PerSecond) + row.Note,
                    Number(row.Slice.P50),
                    Number(row.Slice.P99),
                    Whole((double)row.Slice.Bytes / row.Slice.Requests),
                    row.Ratio,
                    row.Goal,
                    row.Met switch
                    {
                        true => "met",
                        false => "**missed**",
                        null => "",
                    },
                }
            ),
        ]);

    /// <summary>Microseconds of processor time per request.</summary>
    public static string Processors(IReadOnlyList<Row> rows)
    {
        string[] programs = [.. rows[0].Slice.Used.Seconds.Keys];
        return Render([
            ["µs per request", "all", .. programs],
            .. rows.Select(row => (string[])[row.Work, Each(row, programs), .. programs.Select(program => Each(row, program))]),
        ]);
    }

    static string Each(Row row, params string[] programs) =>
        Whole(1e6 * programs.Sum(program => row.Slice.Used.Seconds[program]) / row.Slice.Requests);

    static string Render(IReadOnlyList<string[]> cells)
    {
        var widths = cells[0].Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        var padded = cells.Select(row => row.Select((cell, column) => cell.PadRight(widths[column])));
        var lines = padded.Select(row => $"| {string.Join(" | ", row)} |").ToList();
        lines.Insert(1, "|" + string.Join("|", widths.Select(width => new string('-', width + 2))) + "|");
        return string.Join('\n', lines);
    }

    public static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
