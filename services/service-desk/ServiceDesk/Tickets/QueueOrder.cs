namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// The order of tickets, as SQL over columns of <c>ticket_list</c>: class, then tier (except in the first class), then age, then id. The
/// order is total.
/// </summary>
static class QueueOrder
{
    /// <summary>When the next of the promises that run is due; null while none does.</summary>
    public const string DueAt = "least(first_due, acknowledgement_due, update_due, resolution_due)";

    /// <summary>
    /// When an open ticket has waited three times as long as was promised: then it comes before all others, whatever the tier, so that
    /// nobody waits for ever behind better customers.
    /// </summary>
    public const string OverlongAt = "case when status = 'open' then resolution_due + 2 * (resolution_due - opened_at) end";

    /// <summary>Whether the ticket waits for the customer.</summary>
    public const string Waits = "status = 'waiting'";

    /// <summary>The first class, in which the tier does not count.</summary>
    public const int Overlong = 0;

    /// <summary>The classes of open and of waiting tickets: overlong, late, within the hour, within eight hours, later, waiting.</summary>
    public const int Classes = 6;

    /// <summary>The class of an open or waiting ticket at an instant, by <c>due_at</c>, <c>overlong_at</c> and <c>waits</c>.</summary>
    public static string ClassAt(string instant) =>
        $"""
            case when overlong_at < {instant} then {Overlong} when due_at < {instant} then 1
                when due_at <= {instant} + interval '1 hour' then 2 when due_at <= {instant} + interval '8 hours' then 3
                when waits then 5 else 4 end
            """;

    /// <summary>When that class ends by time alone; infinity if it does not.</summary>
    public static string ClassEnds(string instant) =>
        $"""
            least(case when overlong_at >= {instant} then overlong_at end,
                case when due_at >= {instant} then due_at end,
                case when due_at - interval '1 hour' > {instant} then due_at - interval '1 hour' end,
                case when due_at - interval '8 hours' > {instant} then due_at - interval '8 hours' end, 'infinity')
            """;
}
