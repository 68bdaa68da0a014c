using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Referrals;
using CrmPlatform.Loyalty.Rewards;

namespace CrmPlatform.Loyalty.PersonalData;

/// <summary>A fact of the log.</summary>
/// <param name="Fact">Name of the fact: <c>points_earned</c>.</param>
/// <param name="Data">The fact as it is stored, with what is sealed in the log.</param>
public sealed record HeldFact(string Fact, DateTimeOffset RecordedAt, JsonNode Data);

/// <summary>All that the room holds of a person.</summary>
/// <param name="Facts">Of the account and of its orders.</param>
/// <param name="Care">Of the greetings, with what is sealed in the log.</param>
/// <param name="Activities">Of member activities, as far as they are about this person.</param>
/// <param name="Referrals">Who brought them, and what became of those whom they brought.</param>
/// <param name="Households">In which they were.</param>
public sealed record HeldData(
    Guid CustomerId,
    IReadOnlyList<HeldFact> Facts,
    IReadOnlyList<HeldFact> Care,
    IReadOnlyList<HeldFact> Activities,
    IReadOnlyList<HeldFact> Referrals,
    IReadOnlyList<HeldFact> Households
);

/// <summary>
/// Everything that this room holds about one person, as stored, with its personal parts opened. All else is derived from it.
/// </summary>
public static class GetPersonalData
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "customers/{customerId:guid}/personal",
            "Everything that is held about one person",
            "personal.export",
            async (Guid customerId, EventStore store, NpgsqlDataSource db, HttpContext http, CancellationToken ct) =>
            {
                var names = store.StoredShapes.GroupBy(f => f.Value).ToDictionary(f => f.Key, f => f.First().Key);
                HeldFact[] Held(IEnumerable<RecordedEvent> facts) =>
                    [.. facts.Select(e => new HeldFact(names[e.Data.GetType()], e.RecordedAt, Opened(e.Data)))];
                var (account, care) = (
                    (await store.FetchStream(customerId, ct: ct)).ToList(),
                    await store.FetchStream(CustomerCare.IdOf(customerId), ct: ct)
                );
                foreach (var order in await GetOrders.Of(customerId, db, ct))
                    account.AddRange(await store.FetchStream(order, ct: ct));
                var activities = new List<RecordedEvent>();
                foreach (var activity in await Participants.ActivitiesOf(customerId, db, ct))
                    activities.AddRange(
                        (await store.FetchStream(activity, ct: ct)).Where(e => e.Data is IMemberEvent fact && fact.CustomerId == customerId)
                    );
                http.Response.Headers.CacheControl = "no-store";
                return new HeldData(
                    customerId,
                    Held(account),
                    Held(care),
                    Held(activities),
                    Held(await store.FetchStream(ReferralMember.IdOf(customerId), ct: ct)),
                    Held(await store.FetchStream(Belonging.IdOf(customerId), ct: ct))
                );
            }
        );

    static JsonNode Opened(object fact)
    {
        var node = JsonSerializer.SerializeToNode(fact, fact.GetType(), EventStoreOptions.Json)!;
        if (fact is IHasPersonal { PersonalPart: { } part })
            node["personal"] = JsonNode.Parse(part.Plain());
        return node;
    }
}
