using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A fact as an export shows it.</summary>
/// <param name="EventId">Id of the event in the log.</param>
/// <param name="Fact">Name of the fact: <c>customer_registered</c>.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="Data">The fact as it is stored, with its personal part opened.</param>
public sealed record HeldFact(Guid EventId, string Fact, DateTimeOffset RecordedAt, JsonNode Data);

/// <summary>The facts of an export, which holds what earlier revisions said, too.</summary>
public static class HeldFacts
{
    public static IReadOnlyList<HeldFact> Held(this EventStore store, IEnumerable<RecordedEvent> facts)
    {
        var names = store.StoredShapes.GroupBy(f => f.Value).ToDictionary(f => f.Key, f => f.First().Key);
        return [.. facts.Select(e => new HeldFact(e.Id, names[e.Data.GetType()], e.RecordedAt, Opened(e.Data)))];
    }

    static JsonNode Opened(object fact)
    {
        var node = JsonSerializer.SerializeToNode(fact, fact.GetType(), EventStoreOptions.Json)!;
        if (fact is IHasPersonal { PersonalPart: { } part })
            node["personal"] = JsonNode.Parse(part.Plain());
        return node;
    }
}
