using System.Collections.Immutable;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>The facts of a ticket that move its clocks, without personal text: by them its promises can be judged again.</summary>
public sealed record TicketPast(ImmutableList<ITicketEvent> Facts) : IAggregate<TicketPast, ITicketEvent>
{
    public static TicketPast Initial { get; } = new([]);

    public Guid CustomerId => ((TicketOpened)Facts[0]).CustomerId;

    public static Stream<TicketPast, ITicketEvent> Of(Guid id) => new(id);

    public TicketPast Evolve(ITicketEvent @event) =>
        @event switch
        {
            TicketOpened e => Add(e with { Personal = null }),
            TicketReplied e when e.FirstResponse || (e.NextUpdateUsed ?? e.AcknowledgementUsed) is not null => Add(
                e with
                {
                    Personal = null,
                }
            ),
            ComplaintAcknowledged
            or NextUpdatePromised
            or TicketWaiting
            or TicketResumed
            or TicketResolved
            or TicketReopened
            or IPolicyChanged
            or SlaBreached
            or BreachExcused => Add(@event),
            _ => this,
        };

    TicketPast Add(ITicketEvent fact) => new(Facts.Add(fact));
}
