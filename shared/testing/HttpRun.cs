using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>
/// Runs a room's <c>.http</c> file from top to bottom, and compares requests and answers with the <c>examples.json</c> that the room shows
/// in its OpenAPI document; with <c>CRM_FREEZE=1</c> it writes that file. The room's clock stands still, so that every run gives the same
/// text.
/// </summary>
public static partial class HttpRun
{
    const string Correlation = "00000000-0000-7000-8000-c00000000000";

    static readonly JsonSerializerOptions indented = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="room">The running room, with the data that the file presupposes.</param>
    /// <param name="file">The room's parsed <c>.http</c> file.</param>
    /// <param name="examples">Path of the room's <c>examples.json</c>.</param>
    /// <param name="secrets">Random values, like <c>coupon.response.body.code</c>, and the text that replaces them in the examples.</param>
    /// <param name="before">Called with the title of each step before it, for what has to happen in the middle of the file.</param>
    public static async Task Check<TProgram>(
        ServiceFixture<TProgram> room,
        HttpFile file,
        string examples,
        IReadOnlyDictionary<string, string> secrets,
        Func<string, Task>? before = null
    )
        where TProgram : class
    {
        using var http = room.Anonymous();
        // Every client in the file gets all permissions.
        string[] permissions = [.. Permissions.Of([room.Services.GetRequiredService<EndpointDataSource>()])];
        var operations = (await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json"))
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => new Operation(method.Name.ToUpperInvariant(), path.Name)))
            .ToList();
        var done = new List<(string Operation, ApiExample Example)>();
        var lists = new List<string>();
        foreach (var step in file.Steps)
        {
            room.Clock.Advance(step.After + TimeSpan.FromSeconds(1));
            if (before is not null)
                await before(step.Title);
            await room.CatchUp();
            var exchange = await Send(step);
            if (step.Expected is { } expected)
                exchange.Status.ShouldBe(expected, $"{step.Title}: {exchange.ResponseBody}");
            else
                exchange.Status.ShouldBeInRange(
                    200,
                    299,
                    $"{step.Title}: {step.Method} {exchange.Path} with {exchange.RequestBody}: {exchange.ResponseBody}"
                );
            if (
                step.Method == "GET"
                && exchange.Status == 200
                && exchange.ResponseType == "application/json"
                && PagedLists.IsOne(JsonDocument.Parse(exchange.ResponseBody!).RootElement)
            )
                lists.Add(exchange.Path);
            if (step is { Method: "POST", Expected: >= 400 } && !step.Headers.Any(h => h.Key == Idempotency.Header))
                await RefusedKeys.AreNotUsedUp(key => Send(step, key), step.Title);
            if (operations.Where(o => o.Is(step.Method, exchange.Path)).MinBy(o => o.Path.Count(c => c == '{')) is { } operation)
                done.Add(
                    (
                        operation.Name,
                        new(
                            step.Title,
                            exchange.RequestBody is null ? null : exchange.RequestType,
                            Body(exchange.RequestType, exchange.RequestBody),
                            exchange.Status,
                            exchange.ResponseType,
                            Body(exchange.ResponseType, exchange.ResponseBody)
                        )
                    )
                );
        }

        await PagedLists.Check(room.Http(permissions), lists);

        Task<HttpFile.Exchange> Send(HttpFile.Step step, string? key = null) =>
            file.Send(
                step,
                request =>
                    request.RequestUri!.AbsolutePath == "/connect/token" ? Token<TProgram>(request, permissions) : http.SendAsync(request),
                room.Clock.GetUtcNow(),
                key
            );

        // Only the first exchange of each operation, request type and status becomes an example.
        var shown = done.DistinctBy(d => (d.Operation, d.Example.RequestType, d.Example.Status))
            .GroupBy(d => d.Operation)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(d => d.Example));
        var now =
            Stable(JsonSerializer.Serialize(shown, indented), file, secrets.ToDictionary(s => file.Value(s.Key, default), s => s.Value))
            + "\n";
        if (Environment.GetEnvironmentVariable("CRM_FREEZE") == "1")
            File.WriteAllText(examples, now);
        now.ShouldBe(
            File.ReadAllText(examples),
            "what the .http file was answered has changed: look at the difference after CRM_FREEZE=1, and commit it if it is wanted"
        );
    }

    static async Task<HttpResponseMessage> Token<TProgram>(HttpRequestMessage request, string[] permissions)
        where TProgram : class
    {
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync());
        return new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(
                new
                {
                    access_token = ServiceFixture<TProgram>.Token(form["client_id"].ToString(), permissions),
                    token_type = "Bearer",
                    expires_in = 300,
                }
            ),
        };
    }

    static JsonNode? Body(string? type, string? body) =>
        string.IsNullOrEmpty(body) ? null
        : type is "application/json" or "application/problem+json" ? JsonNode.Parse(body)
        : JsonValue.Create(body);

    /// <summary>
    /// Replaces ids that were generated in this run by numbered ones, in order of appearance; ids written in the file stay.
    /// </summary>
    static string Stable(string text, HttpFile file, IReadOnlyDictionary<string, string> secrets)
    {
        foreach (var (drawn, instead) in secrets)
            text = text.Replace(drawn, instead, StringComparison.Ordinal);
        text = CorrelationId().Replace(text, m => $"{m.Groups[1].Value}{Correlation}\"");
        text = Holder().Replace(text, m => $"{m.Groups[1].Value}replica-1\"");
        var ids = file.Variables.Values.Append(Correlation).ToDictionary(v => v, v => v);
        return Id()
            .Replace(text, m => ids.TryGetValue(m.Value, out var id) ? id : ids[m.Value] = $"00000000-0000-7000-8000-a{ids.Count:D11}");
    }

    sealed record Operation(string Method, string Path)
    {
        public string Name => $"{Method} {Path}";

        public bool Is(string method, string path) =>
            method == Method && Regex.IsMatch(path.Split('?')[0], "^" + Regex.Replace(Path, @"\{\w+\}", "[^/]+") + "$");
    }

    [GeneratedRegex("(\"correlationId\": \")[^\"]*\"")]
    private static partial Regex CorrelationId();

    [GeneratedRegex("(\"holder\": \")[^\"]*\"")]
    private static partial Regex Holder();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
