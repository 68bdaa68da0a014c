using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>
/// Breaks the documented example of every command in each way that its type forbids, one at a time: each declared limit, each type, null
/// in each list, an unknown property in each object.
/// </summary>
public static class BrokenBodies
{
    static readonly string[] foreignWords = ["System.", "CrmPlatform", "Nullable", "Attribute", "BytePosition", "declared there"];

    sealed record Broken(string How, JsonNode? Body, string? Field);

    /// <param name="fixture">The running service.</param>
    /// <param name="atLeast">How many broken bodies must be sent at least: the test finds examples and rules.</param>
    public static async Task Check<TProgram>(ServiceFixture<TProgram> fixture, int atLeast)
        where TProgram : class
    {
        var routes = fixture.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var json = fixture.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var http = fixture.Http([.. Permissions.Of([fixture.Services.GetRequiredService<EndpointDataSource>()])]);
        var document = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!;
        var (sent, wrong) = (0, new List<string>());
        foreach (var route in routes)
        {
            var template = Regex.Replace("/" + route.RoutePattern.RawText!.Trim('/'), @"\{(\w+)[^}]*\}", "{$1}");
            var method = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            if (
                route.Metadata.GetMetadata<IAcceptsMetadata>() is not { RequestType: { } type } accepts
                || !accepts.ContentTypes.Contains("application/json")
                || Examples(document, template, method.ToLowerInvariant()) is not { Count: > 0 } examples
            )
                continue;
            foreach (var broken in examples.SelectMany(example => Break(example, type, json)).DistinctBy(b => (b.How, b.Field)))
            {
                sent++;
                var path = Regex.Replace(template, @"\{\w+\}", Guid.CreateVersion7().ToString());
                using var request = new HttpRequestMessage(new(method), path)
                {
                    Content = new StringContent(broken.Body?.ToJsonString() ?? "null", Encoding.UTF8, "application/json"),
                };
                using var answer = await http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (Fault((int)answer.StatusCode, text, broken.Field) is { } fault)
                    wrong.Add($"{method} {template}: {broken.How} at {broken.Field}: {fault}: {(int)answer.StatusCode} {text}");
            }
        }
        wrong.ShouldBeEmpty($"{wrong.Count} of {sent}:\n{string.Join('\n', wrong.Take(60))}");
        sent.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    static string? Fault(int status, string text, string? field)
    {
        if (status != 400)
            return "not refused as malformed";
        var problem = JsonNode.Parse(text)!;
        if ((string?)problem["type"] != "urn:crm:invalid-request")
            return "another type";
        if (field is not null && (string?)problem["field"] != field && problem["errors"]?[field] is null)
            return "another field";
        return (string?)problem["detail"] is not { Length: > 0 } detail ? "no detail"
            : foreignWords.FirstOrDefault(word => detail.Contains(word, StringComparison.Ordinal)) is { } word ? $"says {word}"
            : null;
    }

    static List<JsonNode> Examples(JsonNode document, string template, string method) =>
        document["paths"]?[template]?[method]?["requestBody"]?["content"]?["application/json"]?["examples"] is JsonObject examples
            ? [.. examples.Select(e => e.Value!["value"]).OfType<JsonNode>()]
            : [];

    static IEnumerable<Broken> Break(JsonNode example, Type type, JsonSerializerOptions json)
    {
        foreach (var (path, replacement, how) in Ways(example, type, "", json))
        {
            var copy = example.DeepClone();
            yield return new(how, Put(copy, path, replacement), path is "" ? null : path);
        }
    }

    static IEnumerable<(string Path, JsonNode? Replacement, string How)> Ways(
        JsonNode node,
        Type type,
        string at,
        JsonSerializerOptions json
    )
    {
        var info = json.GetTypeInfo(type);
        yield return (at, node is JsonArray or JsonValue ? new JsonObject { ["x"] = 1 } : new JsonArray(), "another type");
        if (info.Kind == JsonTypeInfoKind.Enumerable && node is JsonArray elements)
        {
            if (!info.ElementType!.IsValueType)
                yield return ($"{at}[0]", null, "null in a list");
            if (elements is [{ } first, ..])
                foreach (var way in Ways(first, info.ElementType!, $"{at}[0]", json))
                    yield return way;
        }
        if (info.Kind != JsonTypeInfoKind.Object || node is not JsonObject members)
        {
            foreach (var (value, how) in Values(type))
                yield return (at, value, how);
            yield break;
        }
        foreach (var unknown in info.Properties.Where(p => p.Set is null).Select(p => p.Name).Prepend("nobody"))
            yield return (at is "" ? unknown : $"{at}.{unknown}", "knows this", "an unknown property");
        foreach (var property in info.Properties)
        {
            var path = at is "" ? property.Name : $"{at}.{property.Name}";
            foreach (var rule in property.AttributeProvider?.GetCustomAttributes(true).OfType<ValidationAttribute>() ?? [])
            foreach (var value in Against(rule, property.PropertyType))
                yield return (path, value, rule.GetType().Name);
            if (members[property.Name] is { } member)
                foreach (var way in Ways(member, property.PropertyType, path, json))
                    yield return way;
        }
    }

    static IEnumerable<(JsonNode?, string)> Values(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            yield return ("a\0b", "U+0000");
        if (type == typeof(DateTimeOffset))
        {
            yield return ("2026-05-04T10:00:00", "an instant without offset");
            yield return ("0001-01-01T00:00:00Z", "the year 1");
            yield return ("9999-12-31T23:59:59Z", "the year 9999");
            yield return ("2026-05-04", "a day instead of an instant");
        }
        if (type.IsEnum)
        {
            yield return ("nobody", "an unknown name");
            yield return (0, "a number instead of a name");
        }
        if (type == typeof(Guid))
            yield return ("7", "no UUID");
        if (type == typeof(int) || type == typeof(long))
            yield return (1.5m, "a fraction");
    }

    static IEnumerable<JsonNode?> Against(ValidationAttribute rule, Type type) =>
        rule switch
        {
            StringLengthAttribute length =>
            [
                new string('x', length.MaximumLength + 1),
                .. length.MinimumLength > 0 ? [new string('x', length.MinimumLength - 1)] : Array.Empty<JsonNode?>(),
            ],
            AllowedValuesAttribute => ["nobody"],
            RegularExpressionAttribute => ["\u0007 no code !"],
            RangeAttribute { Maximum: int or double or long } range when type.IsPrimitive || type == typeof(decimal) =>
            [
                JsonSerializer.SerializeToNode(Convert.ToDecimal(range.Minimum, CultureInfo.InvariantCulture) - 1),
                JsonSerializer.SerializeToNode(Convert.ToDecimal(range.Maximum, CultureInfo.InvariantCulture) + 1),
            ],
            LengthAttribute { MinimumLength: > 0 } or MinLengthAttribute { Length: > 0 } when IsList(type) => [new JsonArray()],
            _ => [],
        };

    static bool IsList(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable));

    /// <summary>The node with another value at the path; members and first elements on the way exist.</summary>
    static JsonNode? Put(JsonNode root, string path, JsonNode? value)
    {
        var steps = Regex.Matches(path, @"([^.\[\]]+)|\[(\d+)\]").ToList();
        var node = root;
        for (var i = 0; i < steps.Count; i++)
        {
            var (name, last) = (steps[i].Groups[1], i == steps.Count - 1);
            if (name.Success && last)
                node[name.Value] = value?.DeepClone();
            else if (name.Success)
                node = node[name.Value]!;
            else if (!last)
                node = node[0]!;
            else if (node.AsArray().Count == 0)
                node.AsArray().Add(value?.DeepClone());
            else
                node[0] = value?.DeepClone();
        }
        return path is "" ? value : root;
    }
}
