using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>
/// Forgotten members leave the lists of every activity, and those who wait take their places. It looks at what is there, so that a sign-up
/// of the same moment stays nowhere.
/// </summary>
public sealed class RemoveForgotten(LoyaltyRules rules) : IDueWork
{
    public string Name => "forgotten-members";
    public TimeSpan Every => rules.ExpireEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var leaving = (
            await connection.QueryAsync<(Guid Activity, Guid Customer)>(
                new CommandDefinition(
                    "select m.activity_id, m.customer_id from activity_forgotten f join activity_member m on m.customer_id = f.customer_id",
                    cancellationToken: ct
                )
            )
        ).ToLookup(m => m.Activity, m => m.Customer);
        return leaving.Select(members => Write.To(Activity.Of(members.Key), activity => Decide(activity, [.. members], now)));
    }

    public static IActivityEvent[] Decide(Activity activity, IReadOnlyCollection<Guid> members, DateTimeOffset now)
    {
        IActivityEvent[] removed = [.. members.Where(activity.Named.Contains).Select(member => new MemberRemoved(member, now))];
        return [.. removed, .. activity.After(removed).FillPlaces(now)];
    }
}
