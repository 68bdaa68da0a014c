using CrmPlatform.Loyalty.Care.Calendar;

namespace CrmPlatform.Loyalty.Care;

/// <summary>An occasion of the plan.</summary>
/// <param name="Code">Its code: <c>spring-festival</c>.</param>
/// <param name="Kind">By which day of whom it goes.</param>
/// <param name="Enabled">Whether customers are greeted on it.</param>
/// <param name="Month">Month of a festival, in its calendar; null for a personal occasion.</param>
/// <param name="Day">Day of that month; null for a personal occasion.</param>
/// <param name="Hour">Hour of the business's day at which it is due, 0 to 23.</param>
/// <param name="LeadDays">How many days before the occasion itself it is due.</param>
/// <param name="Points">Points that are awarded with the greeting.</param>
/// <param name="PublishedAs">The code under which others hear of it.</param>
/// <param name="Next">When a festival is due next; null for personal occasions, which are each customer's own.</param>
/// <param name="Messages">What is sent to whom: the first that fits tier and language.</param>
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

/// <summary>The care plan.</summary>
/// <param name="Version">Version of the plan.</param>
/// <param name="TimeZone">The business's zone, in which days and hours are: <c>Asia/Shanghai</c>.</param>
/// <param name="StillWorth">How long after its hour a greeting is still sent, like <c>2.00:00:00</c> for two days.</param>
/// <param name="ConsentPurpose">The purpose that a customer must have consented to on the channel.</param>
/// <param name="LeapDay">When somebody born on 29 February is greeted in other years.</param>
/// <param name="Occasions">By code.</param>
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
