using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmPlatform.Crm;

/// <summary>A line that a program logged, as a person reads it.</summary>
public static partial class LogLine
{
    /// <summary>
    /// <c>10:15:02 Warning loyalty: expiry could not use the database; retry in 00:01:00 · NpgsqlException</c>. A value that is not logged,
    /// since it may be a client's text, is an ellipsis.
    /// </summary>
    public static string Readable(string line)
    {
        if (!line.StartsWith('{'))
            return line;
        try
        {
            var record = JsonNode.Parse(line)!.AsObject();
            var values = record["values"] as JsonObject;
            var message = Placeholder().Replace(Text("message") ?? Text("event") ?? "", hole => Value(hole.Groups[1].Value) ?? "…");
            var more = new[]
            {
                Text("error"),
                Text("correlationId") is { } request ? $"request {request}" : null,
                Text("stack")?.Insert(0, "\n"),
            };
            var time = record["time"]?.GetValue<DateTime>().ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
            return $"{time} {Text("level")} {Text("service")}: {string.Join(" · ", more.Prepend(message).OfType<string>())}";

            string? Text(string name) => record[name]?.GetValue<string>();
            string? Value(string name) => values?[name]?.GetValue<string>();
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException or FormatException)
        {
            return line; // not one of ours
        }
    }

    [GeneratedRegex(@"\{(\w+)(?::[^}]*)?\}")]
    private static partial Regex Placeholder();
}
