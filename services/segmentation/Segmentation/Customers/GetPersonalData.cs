namespace CrmPlatform.Segmentation.Customers;

/// <summary>All that the room holds of a person.</summary>
/// <param name="Facts">Oldest first; the memberships in rule segments follow, then what was judged of churn, then what was
/// inferred of needs, then grades.</param>
public sealed record HeldData(Guid CustomerId, IReadOnlyList<HeldFact> Facts);

/// <summary>
/// Everything that this room holds about one person: the facts of their stream, their memberships in rule segments, with reasons, what was
/// judged of their leaving, what was inferred of their needs, and their grades by schemes. All else is derived from them.
/// </summary>
public static class GetPersonalData
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "customers/{id:guid}/personal",
            "Everything that is held about one person",
            "personal.export",
            async (Guid id, PersonalReader reader, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
            {
                var memberships = await store.FetchStream(NameId.For("segment-membership", id.ToString()), ct: ct);
                var churn = await store.FetchStream(NameId.For("churn", id.ToString()), ct: ct);
                var needs = await store.FetchStream(NameId.For("customer-needs", id.ToString()), ct: ct);
                var grades = new List<RecordedEvent>();
                foreach (
                    var scheme in await db.Query<string>(
                        "select scheme from standing_grades where customer_id = @id order by 1",
                        new { id },
                        ct
                    )
                )
                    grades.AddRange(await store.FetchStream(NameId.For("customer-grade", id.ToString(), scheme), ct: ct));
                var facts = store.Held([.. await store.FetchStream(id, ct: ct), .. memberships, .. churn, .. needs, .. grades]);
                await reader.Read(id);
                return new HeldData(id, facts);
            }
        );
}
