namespace CrmPlatform.Segmentation.Customers;

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
            async (Guid id, EventStore store, CancellationToken ct) => new HeldData(id, store.Held(await store.FetchStream(id, ct: ct)))
        );
}
