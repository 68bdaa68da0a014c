using System.Text.Json.Serialization;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>The policy by which a ticket's promises are made.</summary>
/// <param name="Id">Of the policy.</param>
/// <param name="Version">Its own version.</param>
/// <param name="Rules">The version of the calendars and policies that it is of; 0 are the settings.</param>
/// <param name="Calendar">Its calendar.</param>
public sealed record PolicyPin(string Id, int Version, int Rules, string Calendar);

/// <summary>A promise that is due otherwise by another policy.</summary>
/// <param name="Clock"><c>acknowledgement</c>, <c>first-response</c>, <c>next-update</c> or <c>resolution</c>.</param>
/// <param name="Number">Which of the promises with this clock.</param>
/// <param name="OldTarget">Business time that was promised.</param>
/// <param name="Target">Business time that is promised.</param>
/// <param name="OldDueAt">When it was due; null while the clock does not run.</param>
/// <param name="DueAt">When it is due; null while the clock does not run.</param>
public sealed record MovedDue(
    [property: OneOf("acknowledgement", "first-response", "next-update", "resolution")] string Clock,
    int Number,
    TimeSpan OldTarget,
    TimeSpan Target,
    DateTimeOffset? OldDueAt,
    DateTimeOffset? DueAt
)
{
    /// <summary>Below zero if it is due earlier, above if later.</summary>
    [JsonIgnore]
    public int Direction => DueAt is { } due ? due.CompareTo(OldDueAt!.Value) : Target.CompareTo(OldTarget);

    public SlaClock Of(SlaClock clock) => clock with { Target = Target, DueAt = DueAt };
}

/// <summary>A ticket that was open got another policy.</summary>
public interface IPolicyChanged : ITicketEvent
{
    PolicyPin From { get; }
    PolicyPin To { get; }
    IReadOnlyList<MovedDue> Dues { get; }
    TimeSpan? NextUpdateTarget { get; }
    Sla.PolicyMatch Match { get; }
    DateTimeOffset OccurredAt { get; }
}

/// <summary>The customer came to a better tier, whose policy shortens what is promised about open tickets, once for each policy.</summary>
/// <param name="Dues">What is due earlier; all else stays.</param>
/// <param name="NextUpdateTarget">For answers to what the customer writes from now on; null if none is promised.</param>
public sealed record PolicyUpgraded(
    Guid CustomerId,
    PolicyPin From,
    PolicyPin To,
    Sla.PolicyMatch Match,
    IReadOnlyList<MovedDue> Dues,
    TimeSpan? NextUpdateTarget,
    DateTimeOffset OccurredAt
) : IPolicyChanged;

/// <summary>Somebody brought the ticket to a later version of the policies.</summary>
/// <param name="Mode"><c>only-shorten</c>, <c>only-lengthen</c> or <c>both</c>.</param>
/// <param name="Dues">What is due otherwise; all else stays.</param>
/// <param name="NextUpdateTarget">For answers to what the customer writes from now on; null if none is promised.</param>
/// <param name="By">Subject of who did.</param>
public sealed record PolicyMigrated(
    Guid CustomerId,
    string Mode,
    PolicyPin From,
    PolicyPin To,
    Sla.PolicyMatch Match,
    IReadOnlyList<MovedDue> Dues,
    TimeSpan? NextUpdateTarget,
    string By,
    DateTimeOffset OccurredAt
) : IPolicyChanged;

/// <summary>
/// A calendar was corrected, and by the days as they were a promise that had been recorded as broken was kept. The breach stays on record.
/// </summary>
/// <param name="Number">Which of the promises with this clock; of the resolution, which solution.</param>
/// <param name="BreachedAt">The instant of the breach: when it was due by the calendar that was wrong.</param>
/// <param name="DueAt">When it was due by the corrected calendar.</param>
/// <param name="Used">Business time that it took by the corrected calendar.</param>
/// <param name="Last">No other breach of this clock stands.</param>
/// <param name="Rules">The version of the calendars and policies that is the correction.</param>
/// <param name="By">Subject of who had the tickets judged again.</param>
/// <param name="OccurredAt">When they did.</param>
public sealed record BreachExcused(
    Guid CustomerId,
    string Clock,
    int Number,
    DateTimeOffset BreachedAt,
    DateTimeOffset DueAt,
    TimeSpan Used,
    bool Last,
    int Rules,
    string By,
    DateTimeOffset OccurredAt
) : ITicketEvent
{
    public SlaClock Of(SlaClock clock) => clock with { Breached = false, Used = Used };
}
