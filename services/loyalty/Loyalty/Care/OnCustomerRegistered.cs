namespace CrmPlatform.Loyalty.Care;

/// <summary>A customer is known: their occasions count from now on.</summary>
public sealed class OnCustomerRegistered(CareCalendar calendar) : IReaction<Contracts.CustomerRegistered>
{
    public IEnumerable<Write> React(Contracts.CustomerRegistered fact, FactContext about) =>
        [
            Write.To(
                CustomerCare.Of(fact.CustomerId),
                care => Decide(care, calendar, new(fact.CustomerId, fact.OccurredAt.ToUniversalTime(), about.RecordedAt))
            ),
        ];

    public static ICareEvent[] Decide(CustomerCare care, CareCalendar calendar, CareBegun begun) =>
        care.Ended || care.RegisteredAt is not null ? [] : DecideCare.Schedule(care, calendar, [begun]);
}
