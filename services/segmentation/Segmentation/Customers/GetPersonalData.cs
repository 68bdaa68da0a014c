using System.Text.Json;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A fact of the log.</summary>
/// <param name="Fact">Name of the fact: <c>purchase_counted</c>.</param>
/// <param name="Data">The fact as it is stored.</param>
public sealed record HeldFact(string Fact, DateTimeOffset RecordedAt, JsonElement Data);

/// <summary>All that the room holds of a person.</summary>
/// <param name="Facts">Oldest first.</param>
public sealed record HeldData(Guid CustomerId, IReadOnlyList<HeldFact> Facts);

/// <summary>
/// Everything that this room holds about one person: the facts of their stream, as stored. All else is derived from them.
/// </summary>
public static class GetPersonalData
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "customers/{id:guid}/personal",
            "Everything that is held about one person",
            "personal.export",
            async (Guid id, EventStore store, CancellationToken ct) =>
            {
                var names = store.StoredShapes.ToDictionary(f => f.Value, f => f.Key);
                var facts = await store.FetchStream(id, ct: ct);
                return new HeldData(
                    id,
                    [
                        .. facts.Select(e => new HeldFact(
                            names[e.Data.GetType()],
                            e.RecordedAt,
                            JsonSerializer.SerializeToElement(e.Data, e.Data.GetType(), EventStoreOptions.Json)
                        )),
                    ]
                );
            }
        );
}
