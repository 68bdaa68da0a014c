using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Referrals;
using CrmPlatform.Loyalty.Rewards;

namespace CrmPlatform.Loyalty.PersonalData;

/// <summary>All that the room holds of a person.</summary>
/// <param name="Facts">Of the account and of its orders, and with whom the customer is one person.</param>
/// <param name="Care">Of the greetings, with what is sealed in the log.</param>
/// <param name="Activities">Of member activities, as far as they are about this person.</param>
/// <param name="Referrals">Who brought them, and what became of those whom they brought.</param>
/// <param name="Households">In which they were.</param>
/// <param name="Messages">What was sent to them or was to be, oldest first.</param>
public sealed record HeldData(
    Guid CustomerId,
    IReadOnlyList<HeldFact> Facts,
    IReadOnlyList<HeldFact> Care,
    IReadOnlyList<HeldFact> Activities,
    IReadOnlyList<HeldFact> Referrals,
    IReadOnlyList<HeldFact> Households,
    IReadOnlyList<MessageShown> Messages
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
            async (Guid customerId, EventStore store, NpgsqlDataSource db, PersonalReader reader, CancellationToken ct) =>
            {
                var (account, care) = (
                    (await store.FetchStream(customerId, ct: ct)).ToList(),
                    await store.FetchStream(CustomerCare.IdOf(customerId), ct: ct)
                );
                foreach (var order in await GetOrders.Of(customerId, db, ct))
                    account.AddRange(await store.FetchStream(order, ct: ct));
                account.AddRange(await store.FetchStream(NotedGroup.Of(customerId).Id, ct: ct));
                var activities = new List<RecordedEvent>();
                foreach (var activity in await Participants.ActivitiesOf(customerId, db, ct))
                    activities.AddRange(
                        (await store.FetchStream(activity, ct: ct)).Where(e => e.Data is IMemberEvent fact && fact.CustomerId == customerId)
                    );
                await reader.Read(customerId);
                return new HeldData(
                    customerId,
                    store.Held(account),
                    store.Held(care),
                    store.Held(activities),
                    store.Held(await store.FetchStream(ReferralMember.IdOf(customerId), ct: ct)),
                    store.Held(await store.FetchStream(Belonging.IdOf(customerId), ct: ct)),
                    await MessageShown.To(db, customerId, ct)
                );
            }
        );
}
