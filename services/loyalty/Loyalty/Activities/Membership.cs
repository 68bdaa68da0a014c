namespace CrmPlatform.Loyalty.Activities;

/// <summary>A decision about one member of an activity that asks their account too, in one transaction.</summary>
static class Membership
{
    /// <param name="award">What the account makes of the decision.</param>
    /// <returns>What became of the activity.</returns>
    public static async Task<WriteResult> Write(EventStore store, Guid id, Guid customer, Func<Activity, LoyaltyAccount, IActivityEvent[]> decide,
        Func<LoyaltyAccount, IActivityEvent[], IAccountEvent[]>? award = null, CancellationToken ct = default)
    {
        if (id == customer) throw new NotFoundException("activity", id);
        var (holder, decided) = (LoyaltyAccount.Initial, Array.Empty<IActivityEvent>());
        List<Write> writes =
        [
            // First, since an idempotency key is kept for the stream of the first write.
            EventSourcing.Write.To(id, (Activity activity) => Array.Empty<IActivityEvent>()),
            EventSourcing.Write.To(customer, (LoyaltyAccount account) =>
            {
                holder = account;
                return Array.Empty<IAccountEvent>();
            }),
            EventSourcing.Write.To(id, (Activity activity) => decided = decide(activity, holder)),
        ];
        if (award is not null) writes.Add(EventSourcing.Write.To(customer, (LoyaltyAccount account) => award(account, decided)));
        return (await store.WriteToAggregates(writes, ct: ct))[2];
    }
}
