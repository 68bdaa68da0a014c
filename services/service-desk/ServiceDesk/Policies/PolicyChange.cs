using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>
/// What another policy makes of an open ticket: its targets from the start of each clock on, at the ticket's priority, by its calendar.
/// What was kept or broken stays, and so do the ticket's priority and its ladder of escalation.
/// </summary>
static class PolicyChange
{
    public const string Shorten = "only-shorten",
        Lengthen = "only-lengthen",
        Both = "both";

    /// <summary>
    /// Each promise that is due otherwise, never before <paramref name="at"/>; and whether it would have been due before.
    /// </summary>
    public static IEnumerable<(MovedDue Due, bool Late)> Dues(Ticket ticket, SlaPolicy policy, PolicySet set, DateTimeOffset at) =>
        from c in ticket.Clocks
        where c.Clock is { MetAt: null, Breached: false } && !c.Clock.IsBroken(at)
        let target = Target(policy.Targets[ticket.Priority], c.Name)
        where target is not null
        let due = c.Clock.RunsSince is { } since ? set.Calendar(policy.Calendar).Add(since, target.Value - c.Clock.Used) : at
        let late = c.Clock.RunsSince is null ? target <= c.Clock.Used : due <= at
        let moved = new MovedDue(
            c.Name,
            c.Number,
            c.Clock.Target,
            target.Value,
            c.Clock.DueAt,
            c.Clock.RunsSince is null ? null
                : late ? at
                : due
        )
        where moved.Direction != 0
        select (moved, late);

    static TimeSpan? Target(SlaTargets targets, string clock) =>
        clock switch
        {
            Promises.FirstResponse => targets.FirstResponse,
            Promises.Acknowledgement => targets.Acknowledgement,
            Promises.NextUpdate => targets.NextUpdate,
            _ => targets.Resolution,
        };

    /// <summary>
    /// By a better tier: what is due earlier by its policy and can still be kept, if that policy says so. Once for each policy.
    /// </summary>
    public static ITicketEvent[] Upgrade(Ticket ticket, DeskRules rules, Standing standing, DateTimeOffset at)
    {
        var set = rules.At(at);
        var (policy, match) = set.For(standing);
        if (
            !ticket.IsOpen
            || match.Tier is null
            || policy.OnTierChange != "shorten"
            || policy.Id == ticket.Policy.Id
            || ticket.UpgradedTo.Contains(policy.Id)
        )
            return [];
        MovedDue[] dues = [.. Dues(ticket, policy, set, at).Where(d => !d.Late && d.Due.Direction < 0).Select(d => d.Due)];
        if (dues.Length == 0)
            return [];
        ITicketEvent[] facts =
        [
            new PolicyUpgraded(
                CustomerId: ticket.CustomerId,
                From: ticket.Policy,
                To: Pin(policy, set),
                Match: match,
                Dues: dues,
                NextUpdateTarget: NextUpdate(ticket, policy, Shorten),
                OccurredAt: at
            ),
        ];
        return facts.WithSteps(ticket, rules, at);
    }

    /// <summary>
    /// To the version that holds: what is due earlier or later by it, as the mode says. What is over already is due at once.
    /// </summary>
    public static ITicketEvent[] Migrate(Ticket ticket, DeskRules rules, Standing standing, string mode, string by, DateTimeOffset at)
    {
        var set = rules.At(at);
        if (!ticket.IsOpen || ticket.Policy.Rules >= set.Version)
            return [];
        var (policy, match) = set.For(standing);
        MovedDue[] dues = [.. Dues(ticket, policy, set, at).Select(d => d.Due).Where(d => Wanted(mode, d.Direction))];
        if (dues.Length == 0)
            return [];
        ITicketEvent[] facts =
        [
            new PolicyMigrated(
                CustomerId: ticket.CustomerId,
                Mode: mode,
                From: ticket.Policy,
                To: Pin(policy, set),
                Match: match,
                Dues: dues,
                NextUpdateTarget: NextUpdate(ticket, policy, mode),
                By: by,
                OccurredAt: at
            ),
        ];
        return facts.WithSteps(ticket, rules, at);
    }

    static bool Wanted(string mode, int direction) => mode == Both || direction < 0 && mode == Shorten || direction > 0 && mode == Lengthen;

    static PolicyPin Pin(SlaPolicy policy, PolicySet set) => new(policy.Id, policy.Version, set.Version, policy.Calendar);

    /// <summary>No promise is the longest.</summary>
    static TimeSpan? NextUpdate(Ticket ticket, SlaPolicy policy, string mode)
    {
        var (old, now) = (ticket.NextUpdateTarget, policy.Targets[ticket.Priority].NextUpdate);
        return Wanted(mode, (now ?? TimeSpan.MaxValue).CompareTo(old ?? TimeSpan.MaxValue)) ? now : old;
    }
}
