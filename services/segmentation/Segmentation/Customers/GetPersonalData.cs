namespace CrmPlatform.Segmentation.Customers;

/// <summary>All that the room holds of a person.</summary>
/// <param name="Facts">Oldest first; the memberships in rule segments follow, then what was judged of churn.</param>
public sealed record HeldData(Guid CustomerId, IReadOnlyList<HeldFact> Facts);

/// <summary>
/// Everything that this room holds about one person: the facts of their stream, their memberships in rule segments, with reasons, and what
/// was judged of their leaving. All else is derived from them.
/// </summary>
public static class GetPersonalData
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "customers/{id:guid}/personal",
            "Everything that is held about one person",
            "personal.export",
            async (Guid id, PersonalReader reader, EventStore store, CancellationToken ct) =>
            {
                var memberships = await store.FetchStream(NameId.For("segment-membership", id.ToString()), ct: ct);
                var churn = await store.FetchStream(NameId.For("churn", id.ToString()), ct: ct);
                var facts = store.Held([.. await store.FetchStream(id, ct: ct), .. memberships, .. churn]);
                await reader.Read(id);
                return new HeldData(id, facts);
            }
        );
}
