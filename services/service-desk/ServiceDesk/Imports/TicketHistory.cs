using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Imports;

/// <summary>
/// A ticket as an import sees it: with what was told of it, so that only what is new is added. Told are the facts without those that follow
/// from the clocks, each as a hash, since a state holds no personal text.
/// </summary>
public sealed record TicketHistory(Ticket Ticket, ImmutableArray<Guid> Told) : IAggregate<TicketHistory, ITicketEvent>
{
    /// <summary>An amount divided by this has no zeros at its end: 5.00 is 5.</summary>
    const decimal OneOfDecimals = 1.0000000000000000000000000000m;

    public static TicketHistory Initial { get; } = new(Ticket.Initial, []);

    public static Stream<TicketHistory, ITicketEvent> Of(Guid id) => new(id);

    public TicketHistory Evolve(ITicketEvent @event) =>
        new(Ticket.Evolve(@event), FollowsFromClocks(@event) ? Told : Told.Add(Content(@event)));

    public static bool FollowsFromClocks(ITicketEvent fact) =>
        fact
            is SlaBreached
                or NextUpdatePromised
                or EscalationPlanned
                or Escalated
                or IPolicyChanged
                or BreachExcused
                or ProposalAnswered { Answer: ProposalAnswered.NoAnswer };

    /// <summary>What a fact tells, in few characters: not what the desk computed from its rules and from the customer's standing.</summary>
    public static Guid Content(ITicketEvent fact)
    {
        (ITicketEvent Told, object? Text) said = fact switch
        {
            TicketOpened e => (
                e with
                {
                    Priority = "",
                    Source = null,
                    Reference = null,
                    Tier = null,
                    PolicyId = "",
                    PolicyVersion = 0,
                    Calendar = "",
                    FirstResponseTarget = default,
                    ResolutionTarget = default,
                    FirstResponseDueAt = default,
                    ResolutionDueAt = default,
                    NextUpdateTarget = null,
                    Ladder = null,
                    AcknowledgementTarget = null,
                    AcknowledgementDueAt = null,
                    NeedsDecision = false,
                    Rules = 0,
                    Match = null,
                    Personal = null,
                },
                e.Personal?.Value
            ),
            TicketReplied e => (
                e with
                {
                    FirstResponse = false,
                    Used = null,
                    NextUpdateUsed = null,
                    AcknowledgementUsed = null,
                    Personal = null,
                },
                e.Personal?.Value
            ),
            TicketAssigned e => (e with { Transferred = false }, null),
            NoteAdded e => (e with { Personal = null }, e.Personal?.Value),
            FindingNoted e => (e with { Personal = null }, e.Personal?.Value),
            ComplaintAcknowledged e => (e with { Used = null }, null),
            ComplaintAssessed e => (e with { Priority = "" }, null),
            ProposalMade e => (e with { Amount = e.Amount / OneOfDecimals }, null),
            CompensationGranted e => (e with { Amount = e.Amount / OneOfDecimals }, null),
            ComplaintDecided e => (e with { Used = default }, null),
            TicketWaiting e => (e with { Used = default, NextUpdateUsed = null }, null),
            TicketResumed e => (e with { ResolutionDueAt = default, NextUpdateDueAt = null }, null),
            TicketResolved e => (e with { Used = default, MeetsFirstResponse = false, DueAt = null, NextUpdateUsed = null }, null),
            TicketReopened e => (e with { ResolutionDueAt = default, NextUpdateDueAt = null }, null),
            _ => (fact, null),
        };
        object?[] content = [fact.GetType().Name, said.Told, said.Text];
        return new(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, EventStoreOptions.Json)).AsSpan(0, 16));
    }
}
