using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>A decision about one member of an activity that asks their account too, in one transaction.</summary>
static class Membership
{
    /// <param name="award">What the account makes of the decision.</param>
    public static Write Write(
        Guid id,
        Guid customer,
        Func<Activity, LoyaltyAccount, IActivityEvent[]> decide,
        Func<LoyaltyAccount, IActivityEvent[], IAccountEvent[]>? award = null
    )
    {
        if (id == customer)
            throw new NotFoundException("activity", id);
        return EventSourcing.Write.To(
            Activity.Of(id),
            LoyaltyAccount.Of(customer),
            (activity, account) =>
            {
                var decided = decide(activity.State, account.State);
                activity.Append(decided);
                if (award is not null)
                    account.Append(award(account.State, decided));
            }
        );
    }
}
