namespace CrmPlatform.Loyalty.Care;

/// <summary>
/// The first purchase has an anniversary. Of purchases that arrive in another order the earliest counts, so what is not earlier now never
/// will be.
/// </summary>
public sealed class OnPurchaseRecorded(CareCalendar calendar) : IReaction<Contracts.PurchaseRecorded>
{
    public IEnumerable<Write> React(Contracts.PurchaseRecorded fact, FactContext about)
    {
        if (fact.CustomerId is { } customer)
            yield return Write
                .To(
                    CustomerCare.Of(customer),
                    care => Decide(care, calendar, new(customer, fact.OccurredAt.ToUniversalTime(), about.RecordedAt))
                )
                .WhereNothingLasts();
    }

    public static ICareEvent[] Decide(CustomerCare care, CareCalendar calendar, FirstPurchaseNoted noted) =>
        care.Ended || care.FirstPurchaseAt <= noted.PurchasedAt ? [] : DecideCare.Schedule(care, calendar, [noted]);
}
