namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>A version of the rules, in hours.</summary>
sealed record PlainRules(int First, int Resolution, int GoldFirst, int GoldResolution, int[] Holidays)
{
    public bool IsOpen(DateTimeOffset minute) =>
        minute.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && minute.Hour is >= 9 and < 18 && !Holidays.Contains(minute.Day);

    public DateTimeOffset Due(DateTimeOffset from, int minutes)
    {
        for (; minutes > 0; from = from.AddMinutes(1))
            minutes -= IsOpen(from) ? 1 : 0;
        return from;
    }

    public int Between(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = 0;
        for (; from < to; from = from.AddMinutes(1))
            sum += IsOpen(from) ? 1 : 0;
        return sum;
    }
}

/// <summary>
/// One open ticket by a plain evaluator, which counts minute by minute: two clocks, of which the second stands still while it waits.
/// </summary>
sealed class PlainDesk(List<PlainRules> versions, DateTimeOffset opened, bool gold)
{
    public sealed class Clock
    {
        public int Target { get; set; }
        public int Used { get; set; }
        public DateTimeOffset? Since { get; set; }
        public DateTimeOffset? Due { get; set; }
        public bool Broken { get; set; }
    }

    public Clock First { get; } = new();
    public Clock Resolution { get; } = new();
    public bool Gold { get; set; } = gold;
    public bool Upgraded { get; private set; }
    public bool OnGold { get; private set; }
    public int Version { get; private set; }

    PlainRules Now => versions[^1];

    public void Open()
    {
        (OnGold, Version) = (Gold, versions.Count - 1);
        foreach (var clock in new[] { First, Resolution })
        {
            clock.Target = Target(clock, Gold);
            (clock.Since, clock.Due) = (opened, Now.Due(opened, clock.Target));
        }
    }

    int Target(Clock clock, bool ofGold) =>
        60
        * (
            (clock == First, ofGold) switch
            {
                (true, false) => Now.First,
                (true, true) => Now.GoldFirst,
                (false, false) => Now.Resolution,
                _ => Now.GoldResolution,
            }
        );

    public void Judge(DateTimeOffset now)
    {
        foreach (var clock in new[] { First, Resolution })
            clock.Broken |= clock.Due < now;
    }

    public void Wait(DateTimeOffset now)
    {
        Judge(now);
        if (Resolution.Since is not { } since)
            return;
        var due = Resolution.Due!.Value;
        Resolution.Used =
            due <= since ? Resolution.Used + Now.Between(since, now)
            : now <= due ? Resolution.Target - Now.Between(now, due)
            : Resolution.Target + Now.Between(due, now);
        (Resolution.Since, Resolution.Due) = (null, null);
    }

    public void Resume(DateTimeOffset now)
    {
        Judge(now);
        if (Resolution.Since is null)
            (Resolution.Since, Resolution.Due) = (now, Now.Due(now, Resolution.Target - Resolution.Used));
    }

    public void Upgrade(DateTimeOffset now)
    {
        if (!Gold || OnGold || Upgraded)
            return;
        if (Move(now, ofGold: true, (direction, late) => direction < 0 && !late))
            (Upgraded, OnGold, Version) = (true, true, versions.Count - 1);
    }

    public void Migrate(DateTimeOffset now, string mode)
    {
        if (Version == versions.Count - 1)
            return;
        if (Move(now, Gold, (direction, _) => mode == "both" || (direction < 0) == (mode == "only-shorten")))
            (OnGold, Version) = (Gold, versions.Count - 1);
    }

    bool Move(DateTimeOffset now, bool ofGold, Func<int, bool, bool> wanted)
    {
        var moved = false;
        foreach (var clock in new[] { First, Resolution }.Where(c => !c.Broken && !(c.Due < now)))
        {
            var target = Target(clock, ofGold);
            var raw = clock.Since is { } since ? Now.Due(since, target - clock.Used) : (DateTimeOffset?)null;
            var late = raw is null ? target <= clock.Used : raw <= now;
            var due = raw < now ? now : raw;
            var direction = due is null ? target.CompareTo(clock.Target) : due.Value.CompareTo(clock.Due!.Value);
            if (direction == 0 || !wanted(direction, late))
                continue;
            (clock.Target, clock.Due, moved) = (target, due, true);
        }
        if (moved)
            Judge(now);
        return moved;
    }
}
