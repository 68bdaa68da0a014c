using CrmPlatform.ServiceDesk.Calendars;

namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>
/// One promise about one ticket. Business time is used up while the clock runs; it stands still while the desk waits for the customer and
/// while the ticket is solved, and goes on from what remains.
/// </summary>
/// <param name="Used">Business time of earlier runs.</param>
/// <param name="DueAt">While it runs: the instant after which the promise is broken.</param>
/// <param name="MetAt">Kept; from then on nothing can break it.</param>
public sealed record SlaClock(
    TimeSpan Target,
    TimeSpan Used,
    DateTimeOffset? RunsSince,
    DateTimeOffset? DueAt,
    DateTimeOffset? MetAt,
    bool Breached
)
{
    public const string FirstResponse = "first-response",
        Resolution = "resolution";

    public static SlaClock Started(TimeSpan target, DateTimeOffset at, DateTimeOffset dueAt) =>
        new(target, TimeSpan.Zero, at, dueAt, null, Breached: false);

    public TimeSpan UsedAt(DateTimeOffset now, BusinessCalendar calendar) =>
        Used + (RunsSince is { } since ? calendar.Between(since, now) : TimeSpan.Zero);

    /// <summary>What is left; below zero when the promise is broken.</summary>
    public TimeSpan RemainingAt(DateTimeOffset now, BusinessCalendar calendar) => Target - UsedAt(now, calendar);

    /// <summary>When it would be due if it went on at an instant.</summary>
    public DateTimeOffset DueIfResumed(DateTimeOffset at, BusinessCalendar calendar) => calendar.Add(at, Target - Used);

    /// <summary>Exactly at the due instant is still in time. Once per clock.</summary>
    public bool IsBroken(DateTimeOffset now) => !Breached && MetAt is null && DueAt < now;

    public SlaClock Stopped(TimeSpan used) => this with { Used = used, RunsSince = null, DueAt = null };

    public SlaClock Resumed(DateTimeOffset at, DateTimeOffset dueAt) => this with { RunsSince = at, DueAt = dueAt };

    public SlaClock Met(DateTimeOffset at) => MetAt is null ? this with { MetAt = at, RunsSince = null, DueAt = null } : this;
}
