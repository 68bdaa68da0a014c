using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;
using Microsoft.Extensions.Validation;

namespace CrmPlatform.ServiceDesk.Imports;

// An import's rows are no body that the validation generator finds by itself; its attribute for that is experimental.
#pragma warning disable ASP0029

/// <summary>A ticket of an earlier help desk, with its history. Its number there makes it one ticket, however often it is sent.</summary>
/// <param name="Source">The help desk that numbers the tickets.</param>
/// <param name="Reference">The ticket's number there.</param>
/// <param name="Kind"><c>complaint</c>, <c>request</c> or <c>feedback</c>.</param>
/// <param name="Category">What it is about, as a code: <c>billing</c>.</param>
/// <param name="Channel">How the customer contacted the help desk, as a code: <c>email</c>.</param>
/// <param name="Subject">The subject, in the customer's words.</param>
/// <param name="OccurredAt">When the customer contacted the help desk; the clocks start then.</param>
/// <param name="CustomerId">The customer, by the platform's id; left out where customer is given.</param>
/// <param name="Customer">The customer, by the number in another system.</param>
/// <param name="Text">The customer's text.</param>
/// <param name="Severity">Of a complaint: <c>minor</c>, <c>major</c>, <c>critical</c>.</param>
/// <param name="History">In the order in which it happened.</param>
[ValidatableType]
public sealed record ImportTicket(
    [property: Required, KeyText(60)] string Source,
    [property: Required, KeyText(100)] string Reference,
    [property: Required, OneOf("complaint", "request", "feedback")] string Kind,
    [property: Required, Code] string Category,
    [property: Required, Code] string Channel,
    [property: Required, StringLength(200, MinimumLength = 1)] string Subject,
    DateTimeOffset OccurredAt,
    Guid? CustomerId = null,
    CustomerNumber? Customer = null,
    [property: StringLength(20_000)] string? Text = null,
    [property: OneOf(null, "minor", "major", "critical")] string? Severity = null,
    [property: MaxLength(ImportTicket.MostHistory)] IReadOnlyList<TicketEntry>? History = null
)
{
    public const int MostHistory = 1_000;

    /// <summary>The same as of a ticket that is opened with this source and reference.</summary>
    public Guid IdOf() => NameId.For("ticket", Keys.Normal(Source), Keys.Normal(Reference));

    /// <summary>
    /// The facts that are not there yet, as they would have been recorded if each entry had been told when it happened: promises that were
    /// late are broken at their due instants. What is there must be what the row says first.
    /// </summary>
    /// <param name="customerId">Whom the row names.</param>
    /// <param name="standing">Null if there is no such customer.</param>
    public ITicketEvent[] Decide(
        TicketHistory there,
        Guid customerId,
        Standing? standing,
        DeskRules rules,
        string caller,
        DateTimeOffset now
    )
    {
        if (standing?.Forgotten == true)
            throw new RuleViolationException(
                "customer-forgotten",
                "The customer was forgotten; nothing is imported about them.",
                "customerId"
            );
        var (ticket, known, facts) = (Ticket.Initial, 0, new List<ITicketEvent>());
        foreach (var (place, at, decide) in Steps(customerId, there.Ticket.Exists ? Standing.Nothing : standing, rules, caller, now))
        {
            var compared = known < there.Told.Length;
            // What follows what is there happens to the ticket as it is now, with the promises that were judged meanwhile.
            if (!compared && facts.Count == 0)
                ticket = there.Ticket;
            foreach (var fact in Told(ticket, place, at, now, decide))
            {
                ticket = ticket.Evolve(fact);
                if (!compared)
                    facts.Add(fact);
                else if (
                    !TicketHistory.FollowsFromClocks(fact)
                    && (known == there.Told.Length || there.Told[known++] != TicketHistory.Content(fact))
                )
                    throw new DuplicateException(
                        "duplicate-ticket",
                        $"There is a ticket {Reference} of {Source} already, and it tells something else here.",
                        place ?? "reference"
                    );
            }
        }
        return [.. facts];
    }

    /// <summary>The opening and the entries: each with its place in the row, its instant and its decision.</summary>
    IEnumerable<(string? Place, DateTimeOffset At, Func<Ticket, DateTimeOffset, ITicketEvent[]> Decide)> Steps(
        Guid customerId,
        Standing? standing,
        DeskRules rules,
        string caller,
        DateTimeOffset now
    )
    {
        var open = new OpenTicket(
            customerId,
            Kind,
            Category,
            Channel,
            Subject,
            Text,
            Severity,
            Keys.Normal(Source),
            Keys.Normal(Reference),
            OccurredAt
        );
        var acknowledged = History?.Any(entry => entry.Event == EntryKind.Acknowledged) == true;
        yield return (null, OccurredAt, (ticket, _) => open.Decide(ticket, rules, standing, now, imported: true, acknowledged));
        for (var i = 0; i < (History?.Count ?? 0); i++)
        {
            var entry = History![i];
            yield return ($"history[{i}]", entry.OccurredAt, (ticket, at) => entry.Decide(ticket, rules, caller, at));
        }
    }

    /// <summary>The facts of a step, after the promises that were broken before it.</summary>
    static ITicketEvent[] Told(
        Ticket ticket,
        string? place,
        DateTimeOffset at,
        DateTimeOffset now,
        Func<Ticket, DateTimeOffset, ITicketEvent[]> decide
    )
    {
        try
        {
            // What is ahead of our clock is not cut to now, as in commands: when it came again it would tell another instant.
            return at <= now
                ? Desk.At(ticket, at, now, decide)
                : throw new RuleViolationException("in-the-future", $"occurredAt is in the future; it is {now:O} now.", "occurredAt");
        }
        catch (RuleViolationException e) when (place is not null)
        {
            throw new RuleViolationException(e.Code, e.Message, e.Field is null ? place : $"{place}.{e.Field}");
        }
    }
}
