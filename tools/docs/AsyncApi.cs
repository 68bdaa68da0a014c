using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.Contracts;
using YamlDotNet.Serialization;

namespace CrmPlatform.Docs;

/// <summary>The public events as an AsyncAPI document: for programs that make clients, catalogues or mocks of it.</summary>
public static class AsyncApi
{
    public const string File = "docs/asyncapi.yaml";

    static readonly ISerializer yaml = new SerializerBuilder().WithQuotingNecessaryStrings().WithNewLine("\n").Build();

    public static string Write() =>
        "# Written by `./crm docs` from shared/contracts; do not edit it by hand.\n" + yaml.Serialize(Plain(Document())!);

    static JsonObject Document()
    {
        var contracts = ContractCatalogue.All.Where(c => !c.Internal).OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        return new()
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "CrmPlatform events",
                ["version"] = "1.0.0",
                ["description"] =
                    "Everything public that ever happened, in plain JSON, from the first event on. Properties and messages are added; none "
                    + "is removed or changes its meaning. Ignore what you do not know, and keep each message_id once.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["url"] = "https://www.apache.org/licenses/LICENSE-2.0" },
                ["tags"] = Named(contracts.Select(c => c.Publisher).Distinct()),
            },
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject
            {
                ["broker"] = new JsonObject
                {
                    ["host"] = "{host}",
                    ["protocol"] = "amqp",
                    ["protocolVersion"] = "0-9-1",
                    ["description"] = "RabbitMQ of the installation: `./crm stream address` prints the whole address.",
                    ["variables"] = new JsonObject
                    {
                        ["host"] = new JsonObject { ["default"] = "127.0.0.1:5672", ["description"] = "Host and port." },
                    },
                    ["security"] = new JsonArray(Reference("components/securitySchemes/analyst")),
                },
            },
            ["channels"] = new JsonObject
            {
                ["stream"] = Channel(
                    "crm.events.stream",
                    "All of them from the first on, in a RabbitMQ stream: consume it with x-stream-offset, a prefetch, and by hand.",
                    new()
                    {
                        ["is"] = "queue",
                        ["queue"] = new JsonObject { ["name"] = "crm.events.stream", ["durable"] = true },
                    },
                    contracts
                ),
                ["exchange"] = Channel(
                    "crm.events",
                    "Each as it happens, by a topic exchange: the routing key is the name of the message.",
                    new()
                    {
                        ["is"] = "routingKey",
                        ["exchange"] = new JsonObject
                        {
                            ["name"] = "crm.events",
                            ["type"] = "topic",
                            ["durable"] = true,
                        },
                    },
                    contracts
                ),
            },
            ["operations"] = new JsonObject
            {
                ["tell"] = Operation(
                    "stream",
                    "Tells what happened, from the first event on",
                    "A reader begins where it wants, also at the first event, and goes on from the offset where it was."
                ),
                ["tellAtOnce"] = Operation(
                    "exchange",
                    "Tells what happens",
                    "A queue that is bound gets what happens from then on; what it misses is in the stream."
                ),
            },
            ["components"] = new JsonObject
            {
                ["messages"] = new JsonObject(contracts.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)Message(c)))),
                ["schemas"] = new JsonObject(contracts.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)Payload(c)))),
                ["securitySchemes"] = new JsonObject
                {
                    ["analyst"] = new JsonObject { ["type"] = "userPassword", ["description"] = "The user crm-analyst." },
                },
            },
        };
    }

    static JsonObject Channel(string address, string description, JsonObject binding, List<ContractName> contracts)
    {
        binding["bindingVersion"] = "0.3.0";
        return new()
        {
            ["address"] = address,
            ["description"] = description,
            ["servers"] = new JsonArray(Reference("servers/broker")),
            ["messages"] = new JsonObject(
                contracts.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)Reference($"components/messages/{c.Name}")))
            ),
            ["bindings"] = new JsonObject { ["amqp"] = binding },
        };
    }

    static JsonObject Operation(string channel, string summary, string description) =>
        new()
        {
            ["action"] = "send",
            ["channel"] = Reference($"channels/{channel}"),
            ["summary"] = summary,
            ["description"] = description,
        };

    static JsonObject Message(ContractName contract) =>
        new()
        {
            ["name"] = contract.Name,
            ["title"] = contract.Name,
            ["summary"] = WireSchema.Said(contract.Type),
            ["contentType"] = "application/json",
            ["tags"] = Named([contract.Publisher]),
            ["headers"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("occurred-at", "recorded-at"),
                ["properties"] = new JsonObject
                {
                    ["occurred-at"] = Instant("When it happened, exactly; the AMQP timestamp counts whole seconds."),
                    ["recorded-at"] = Instant("When the publisher's log learned of it."),
                },
            },
            ["payload"] = Reference($"components/schemas/{contract.Name}"),
        };

    static JsonObject Payload(ContractName contract)
    {
        var schema = WireSchema.Of(contract);
        // The document says itself what kind of schemas it has.
        schema.Remove("$schema");
        schema.Remove("$id");
        return schema;
    }

    static JsonObject Instant(string description) =>
        new()
        {
            ["type"] = "string",
            ["format"] = "date-time",
            ["description"] = description,
        };

    static JsonArray Named(IEnumerable<string> names) => new([.. names.Select(name => new JsonObject { ["name"] = name })]);

    static JsonObject Reference(string place) => new() { ["$ref"] = $"#/{place}" };

    static object? Plain(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.ToDictionary(p => p.Key, p => Plain(p.Value)),
            JsonArray a => a.Select(Plain).ToList(),
            JsonValue v => v.GetValueKind() switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number => decimal.Parse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture),
                _ => v.GetValue<string>(),
            },
            _ => null,
        };
}
