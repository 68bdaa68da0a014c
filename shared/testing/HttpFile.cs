using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmPlatform.Testing;

/// <summary>
/// Parses and sends a <c>.http</c> file, in the format that common editors share: <c>@variables</c>, <c>###</c> between requests, <c>#
/// @name</c>, <c>{{name.response.body.id}}</c>, <c>{{name.response.headers.Location}}</c>, <c>{{$datetime iso8601 -1 d}}</c>. Two comments
/// are our own: <c># @expect 422</c> if the request must be refused, and <c># @after 8 days</c> if time has to pass first.
/// </summary>
public sealed partial class HttpFile
{
    /// <summary>One request as written, before its variables are filled in.</summary>
    public sealed record Step(
        string Title,
        string? Name,
        int? Expected,
        TimeSpan After,
        string Method,
        string Url,
        IReadOnlyList<KeyValuePair<string, string>> Headers,
        string? Body
    );

    /// <summary>One request as sent, and its answer.</summary>
    public sealed record Exchange(
        Step Step,
        string Path,
        string? RequestType,
        string? RequestBody,
        int Status,
        HttpResponseHeaders Headers,
        string? ResponseType,
        string ResponseBody
    );

    readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    readonly Dictionary<string, Exchange> named = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Variables => variables;
    public List<Step> Steps { get; } = [];

    public static HttpFile Read(string path) => Parse(File.ReadAllText(path));

    public static HttpFile Parse(string text)
    {
        var file = new HttpFile();
        foreach (var block in Regex.Split("\n" + text.ReplaceLineEndings("\n"), "\n(?=###)"))
            file.Add(block.Split('\n'));
        return file;
    }

    /// <summary>Sends one request with its variables filled in, and keeps its answer under its name.</summary>
    /// <param name="key">Idempotency-Key to send if the file gives none.</param>
    public async Task<Exchange> Send(
        Step step,
        Func<HttpRequestMessage, Task<HttpResponseMessage>> send,
        DateTimeOffset now,
        string? key = null
    )
    {
        var (url, body) = (Fill(step.Url, now), step.Body is null ? null : Fill(step.Body, now));
        using var request = new HttpRequestMessage(new(step.Method), new Uri(url));
        string? type = null;
        foreach (var (name, value) in step.Headers)
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                type = value;
            else
                request.Headers.TryAddWithoutValidation(name, Fill(value, now));
        if (key is not null)
            request.Headers.Add(ServiceDefaults.Idempotency.Header, key);
        if (body is not null)
            request.Content = new StringContent(
                body,
                Encoding.UTF8,
                new MediaTypeHeaderValue(type ?? throw new FormatException($"{step.Title}: the request has a body but no Content-Type"))
            );
        using var answer = await send(request);
        var exchange = new Exchange(
            Step: step,
            Path: request.RequestUri!.PathAndQuery,
            RequestType: type,
            RequestBody: body,
            Status: (int)answer.StatusCode,
            Headers: answer.Headers,
            ResponseType: answer.Content.Headers.ContentType?.MediaType,
            ResponseBody: await answer.Content.ReadAsStringAsync()
        );
        if (step.Name is not null)
            named[step.Name] = exchange;
        return exchange;
    }

    /// <summary>The current value of an expression like <c>name.response.body.id</c>.</summary>
    public string Value(string expression, DateTimeOffset now)
    {
        if (variables.TryGetValue(expression, out var value))
            return Fill(value, now);
        if (Datetime().Match(expression) is { Success: true } at)
        {
            var amount = at.Groups[1].Success ? int.Parse(at.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
            return (now + Length(amount, at.Groups[2].Success ? at.Groups[2].Value : "s")).UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            );
        }
        if (expression.Split('.') is not [var name, "response", var part, ..] parts || !named.TryGetValue(name, out var exchange))
            throw new FormatException($"{{{{{expression}}}}} is neither a variable nor part of an earlier response");
        if (part == "headers")
            return exchange.Headers.GetValues(parts[3]).First();
        var found = parts[3..]
            .Aggregate(
                JsonSerializer.Deserialize<JsonElement>(exchange.ResponseBody),
                (e, step) =>
                    Index().Match(step) is { Success: true } i
                        ? e.GetProperty(i.Groups[1].Value)[int.Parse(i.Groups[2].Value, CultureInfo.InvariantCulture)]
                        : e.GetProperty(step)
            );
        return found.ToString();
    }

    string Fill(string text, DateTimeOffset now) => Placeholder().Replace(text, m => Value(m.Groups[1].Value.Trim(), now));

    void Add(string[] lines)
    {
        var title = lines[0].StartsWith("###", StringComparison.Ordinal) ? lines[0].TrimStart('#').Trim() : "";
        string? name = null;
        int? expected = null;
        var after = TimeSpan.Zero;
        var i = 0;
        for (
            ;
            i < lines.Length && (lines[i].Trim() is "" || lines[i][0] is '#' or '@' || lines[i].StartsWith("//", StringComparison.Ordinal));
            i++
        )
            if (Variable().Match(lines[i]) is { Success: true } v)
                variables[v.Groups[1].Value] = v.Groups[2].Value.Trim();
            else if (Directive().Match(lines[i]) is { Success: true } d)
                switch (d.Groups[1].Value)
                {
                    case "name":
                        name = d.Groups[2].Value;
                        break;
                    case "expect":
                        expected = int.Parse(d.Groups[2].Value, CultureInfo.InvariantCulture);
                        break;
                    case "after":
                        after = Length(
                            int.Parse(d.Groups[2].Value.Split(' ')[0], CultureInfo.InvariantCulture),
                            d.Groups[2].Value.Split(' ')[1][..1]
                        );
                        break;
                }
        if (i == lines.Length)
            return;
        if (lines[i].Split(' ', 2) is not [var method, var url])
            throw new FormatException($"{title}: {lines[i]} is not a request line");
        var headers = new List<KeyValuePair<string, string>>();
        for (i++; i < lines.Length && lines[i].Trim() is not ""; i++)
            headers.Add(new(lines[i].Split(':', 2)[0].Trim(), lines[i].Split(':', 2)[1].Trim()));
        var body = string.Join('\n', lines[Math.Min(i, lines.Length)..]).Trim();
        Steps.Add(new(title, name, expected, after, method, url.Trim(), headers, body is "" ? null : body));
    }

    static TimeSpan Length(int amount, string unit) =>
        unit switch
        {
            "d" => TimeSpan.FromDays(amount),
            "h" => TimeSpan.FromHours(amount),
            "m" => TimeSpan.FromMinutes(amount),
            _ => TimeSpan.FromSeconds(amount),
        };

    [GeneratedRegex(@"^@([\w-]+)\s*=\s*(.*)$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(?:#|//)\s*@(name|expect|after)\s+(.+?)\s*$")]
    private static partial Regex Directive();

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\$datetime iso8601(?: (-?\d+) ([smhd]))?$")]
    private static partial Regex Datetime();

    [GeneratedRegex(@"^(\w+)\[(\d+)\]$")]
    private static partial Regex Index();
}
