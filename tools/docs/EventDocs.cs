using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.Contracts;

namespace CrmPlatform.Docs;

/// <summary>The event reference for whoever reads the public stream: one page, and a JSON Schema per contract.</summary>
public static class EventDocs
{
    public const string Page = "docs/events.md";
    public const string Schemas = "docs/schemas";

    static readonly JsonSerializerOptions indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>Path in the checkout and text of every file.</summary>
    public static IReadOnlyDictionary<string, string> Write()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Page] = Reference(),
            [AsyncApi.File] = AsyncApi.Write(),
        };
        foreach (var contract in ContractCatalogue.All)
            files[PathOf(contract)] = WireSchema.Of(contract).ToJsonString(indented) + "\n";
        return files;
    }

    public static string PathOf(ContractName contract) => $"{Schemas}/{contract.Name}.json";

    static string Reference()
    {
        var page = new StringBuilder(
            """
            # Events

            Written by `./crm docs` from [shared/contracts](../shared/contracts); do not edit it by hand. Every **public** event is one
            message on the exchange `crm.events` and in the stream `crm.events.stream`; [analysts.md](analysts.md) says how to read it, and
            [asyncapi.yaml](asyncapi.yaml) says the same to programs (AsyncAPI 3.0). **Internal** events are sent between services only.

            The body is one JSON object, camelCase, UTF-8. A property without a value is left out. New properties may be added; none is
            removed or changes its meaning (see [CHANGELOG](../shared/contracts/CHANGELOG.md)). Instants are ISO 8601 with offset, ids are
            UUIDs, amounts are decimal numbers in the currency beside them.

            | message property | holds |
            |---|---|
            | routing key, `type` | the name of the contract |
            | `message_id` | id of the event: keep each one once |
            | `timestamp`, header `occurred-at` | when it happened (whole seconds; exact) |
            | header `recorded-at` | when the publisher's log learned of it |


            """
        );
        foreach (var publisher in ContextMap.Contexts.Where(c => !ContextMap.OnlyReads(c)))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {publisher}\n\n");
            foreach (
                var contract in ContractCatalogue.All.Where(c => c.Publisher == publisher).OrderBy(c => c.Name, StringComparer.Ordinal)
            )
            {
                page.Append(CultureInfo.InvariantCulture, $"### {contract.Name}\n\n{WireSchema.Said(contract.Type)}\n\n");
                if (contract.Internal)
                    page.Append("*Internal: never on the public stream.* ");
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"[Schema](schemas/{contract.Name}.json)\n\n| property | type | | |\n|---|---|---|---|\n"
                );
                Rows(page, WireSchema.Of(contract), "");
                page.Append('\n');
            }
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    static void Rows(StringBuilder page, JsonObject schema, string prefix)
    {
        var required = schema["required"]!.AsArray().Select(r => r!.GetValue<string>()).ToHashSet();
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            var optional = required.Contains(name) ? "" : "optional";
            var items = property!["items"] as JsonObject;
            var type = items is null || items.ContainsKey("properties") ? TypeOf(property) : $"array of {TypeOf(items)}";
            page.Append(CultureInfo.InvariantCulture, $"| `{prefix}{name}` | {type} | {optional} | {property["description"]} |\n");
            if (items?.ContainsKey("properties") == true)
                Rows(page, items, $"{prefix}{name}[].");
        }
    }

    static string TypeOf(JsonNode schema) =>
        schema["format"]?.GetValue<string>() is { } format
            ? $"{schema["type"]!.GetValue<string>()} ({format})"
            : schema["type"]!.GetValue<string>();
}
