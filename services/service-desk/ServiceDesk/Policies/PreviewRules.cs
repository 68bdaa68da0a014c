using System.Text.Json.Serialization;
using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>
/// What calendars and policies would change about the open tickets, if these were brought to them now. Nothing is written.
/// </summary>
/// <param name="Tickets">How many open and waiting tickets were read: the oldest 10,000 at most.</param>
/// <param name="OtherPolicy">How many would have another policy.</param>
/// <param name="Earlier">How many have a promise that would be due earlier.</param>
/// <param name="Later">How many have a promise that would be due later.</param>
/// <param name="NewlyLate">How many have a promise that would be over at once.</param>
/// <param name="Changes">The first 200 tickets for which anything would be otherwise, oldest first.</param>
public sealed record RulesPreview(
    int Tickets,
    int OtherPolicy,
    int Earlier,
    int Later,
    int NewlyLate,
    IReadOnlyList<TicketPreview> Changes
);

/// <summary>What would change about a ticket.</summary>
/// <param name="TicketId">Id of the ticket.</param>
/// <param name="Policy">The policy by which its promises are made.</param>
/// <param name="NewPolicy">The policy that it would have.</param>
/// <param name="Match">What of the customer that policy names.</param>
/// <param name="Dues">Each promise that would be due otherwise.</param>
/// <param name="NewlyLate">Whether one would be over at once.</param>
public sealed record TicketPreview(
    Guid TicketId,
    string Policy,
    string NewPolicy,
    PolicyMatch Match,
    IReadOnlyList<MovedDue> Dues,
    bool NewlyLate
)
{
    public static TicketPreview Of(Guid id, Ticket ticket, PolicySet set, Standing standing, DateTimeOffset at)
    {
        var (policy, match) = set.For(standing);
        var dues = PolicyChange.Dues(ticket, policy, set, at).ToList();
        return new(id, ticket.Policy.Id, policy.Id, match, [.. dues.Select(d => d.Due)], dues.Any(d => d.Late));
    }

    [JsonIgnore]
    public bool IsChange => Policy != NewPolicy || Dues.Count > 0;
}

/// <summary>Says which open tickets a version of the rules would concern, before it is published.</summary>
public static class PreviewRules
{
    const int Most = 10_000,
        Shown = 200;

    public static void Map(CrmService room) =>
        room.MapPost(
                "rules/preview",
                "What calendars and policies would change about the open tickets",
                "service-desk.policies",
                async (
                    PublishRules command,
                    EventStore store,
                    NpgsqlDataSource db,
                    DeskRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    command.Check();
                    PolicySet set = new(0, command.From, command.Calendars, command.Policies, rules.TimeZone);
                    return await Of(set, store, db, clock.GetUtcNow(), ct);
                }
            )
            .Refuses("ambiguous")
            .AtOnce(2);

    static async Task<RulesPreview> Of(PolicySet set, EventStore store, NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        var ids = await db.Query<Guid>(
            "select ticket_id from ticket_list where status in ('open', 'waiting') order by opened_at, ticket_id limit @Most",
            new { Most },
            ct
        );
        var tickets = new List<(Guid Id, Ticket Ticket)>();
        foreach (var id in ids)
            if (await store.Read(Ticket.Of(id), ct) is ({ IsOpen: true } ticket, _))
                tickets.Add((id, ticket.DueBefore(now).Aggregate(ticket, (state, fact) => state.Evolve(fact))));
        var standings = await Standing.Of(db, tickets.Select(t => t.Ticket.CustomerId).Distinct(), ct);
        List<TicketPreview> all =
        [
            .. tickets.Select(t =>
                TicketPreview.Of(t.Id, t.Ticket, set, standings.GetValueOrDefault(t.Ticket.CustomerId, Standing.Nothing), now)
            ),
        ];
        return new(
            Tickets: all.Count,
            OtherPolicy: all.Count(t => t.Policy != t.NewPolicy),
            Earlier: all.Count(t => t.Dues.Any(d => d.Direction < 0)),
            Later: all.Count(t => t.Dues.Any(d => d.Direction > 0)),
            NewlyLate: all.Count(t => t.NewlyLate),
            Changes: [.. all.Where(t => t.IsChange).Take(Shown)]
        );
    }
}
