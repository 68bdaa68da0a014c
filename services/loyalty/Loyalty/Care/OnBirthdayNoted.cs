using CrmPlatform.Loyalty.Care.Calendar;

namespace CrmPlatform.Loyalty.Care;

/// <summary>The birthday, month and day, as the customer keeps it; or that there is none any more.</summary>
public sealed class OnBirthdayNoted(CareCalendar calendar) : IReaction<Contracts.BirthdayNoted>
{
    public IEnumerable<Write> React(Contracts.BirthdayNoted fact, FactContext about) =>
        [
            Write.To(
                CustomerCare.Of(fact.CustomerId),
                care => Decide(care, calendar, fact.CustomerId, Birthday.Of(fact.Calendar, fact.Month, fact.Day), about.RecordedAt)
            ),
        ];

    public static ICareEvent[] Decide(
        CustomerCare care,
        CareCalendar calendar,
        Guid customer,
        Birthday? birthday,
        DateTimeOffset knownAt
    ) =>
        care.Ended || care.Birthday == birthday
            ? []
            : DecideCare.Schedule(
                care,
                calendar,
                [new BirthdayNoted(customer, birthday is null ? null : Personal.Of(customer, birthday), knownAt)]
            );
}
