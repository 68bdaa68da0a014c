using CrmPlatform.Loyalty.Care.Calendar;

namespace CrmPlatform.Loyalty.Care;

/// <param name="Next">When a festival is due next; personal occasions are each customer's own.</param>
public sealed record OccasionShown(
    string Code,
    OccasionKind Kind,
    bool Enabled,
    int? Month,
    int? Day,
    int Hour,
    int LeadDays,
    long Points,
    string PublishedAs,
    DateTimeOffset? Next,
    IReadOnlyList<CareMessage> Messages
);

public sealed record PlanShown(
    int Version,
    string TimeZone,
    TimeSpan StillWorth,
    string ConsentPurpose,
    LeapDayRule LeapDay,
    IReadOnlyList<OccasionShown> Occasions
);

/// <summary>The plan that is followed, as the settings have it.</summary>
public static class GetCarePlan
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "care/plan",
            "The occasions on which customers are greeted",
            "loyalty.read",
            (CareCalendar calendar, Business business, TimeProvider clock) =>
            {
                var (plan, now) = (calendar.Plan, clock.GetUtcNow());
                var occasions =
                    from o in plan.Occasions
                    orderby o.Key
                    let festival = o.Value.Kind is OccasionKind.Solar or OccasionKind.Lunar
                    let next = calendar.After(o.Key, new(null, null, null), now).FirstOrDefault()
                    select new OccasionShown(
                        Code: o.Key,
                        Kind: o.Value.Kind,
                        Enabled: o.Value.Enabled,
                        Month: festival ? o.Value.Month : null,
                        Day: festival ? o.Value.Day : null,
                        Hour: o.Value.Hour,
                        LeadDays: o.Value.LeadDays,
                        Points: o.Value.Points,
                        PublishedAs: o.Value.PublishedAs(o.Key),
                        Next: next?.At,
                        Messages: [.. o.Value.Messages]
                    );
                return new PlanShown(plan.Version, business.TimeZone, plan.StillWorth, plan.ConsentPurpose, plan.LeapDay, [.. occasions]);
            }
        );
}
