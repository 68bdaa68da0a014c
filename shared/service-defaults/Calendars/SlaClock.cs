namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// The clock of one promise. It counts business time while it runs, and continues after a pause with the time that remained.
/// </summary>
/// <param name="Used">Business time used before the current run.</param>
/// <param name="DueAt">The instant after which the promise is broken; null while the clock is paused.</param>
/// <param name="MetAt">When the promise was kept; from then on it cannot be broken.</param>
public sealed record SlaClock(
    TimeSpan Target,
    TimeSpan Used,
    DateTimeOffset? RunsSince,
    DateTimeOffset? DueAt,
    DateTimeOffset? MetAt,
    bool Breached
)
{
    public static SlaClock Started(TimeSpan target, DateTimeOffset at, DateTimeOffset dueAt) =>
        new(target, TimeSpan.Zero, at, dueAt, null, Breached: false);

    /// <summary>The business time that is used up: what the target leaves of it.</summary>
    public TimeSpan UsedAt(DateTimeOffset now, BusinessCalendar calendar) => Target - RemainingAt(now, calendar);

    /// <summary>
    /// The business time that is left; negative if the promise is broken. While the clock runs it is counted to the due instant, which was
    /// promised and does not move when the calendar gets another holiday.
    /// </summary>
    public TimeSpan RemainingAt(DateTimeOffset now, BusinessCalendar calendar) =>
        (RunsSince, DueAt) is not ({ } since, { } due) ? Target - Used
        : due <= since ? Target - Used - calendar.Between(since, now) // late already when it continued
        : now <= due ? calendar.Between(now, due)
        : -calendar.Between(due, now);

    /// <summary>When it would be due if it continued at an instant.</summary>
    public DateTimeOffset DueIfResumed(DateTimeOffset at, BusinessCalendar calendar) => calendar.Add(at, Target - Used);

    /// <summary>
    /// Whether the promise is broken at an instant and this was not recorded yet. Exactly at the due instant is still in time.
    /// </summary>
    public bool IsBroken(DateTimeOffset now) => !Breached && MetAt is null && DueAt < now;

    public SlaClock Stopped(TimeSpan used) => this with { Used = used, RunsSince = null, DueAt = null };

    public SlaClock Resumed(DateTimeOffset at, DateTimeOffset dueAt) => this with { RunsSince = at, DueAt = dueAt };

    public SlaClock Met(DateTimeOffset at) => MetAt is null ? this with { MetAt = at, RunsSince = null, DueAt = null } : this;
}
