namespace CrmPlatform.ServiceDesk.Imports;

/// <summary>What a record of a ticket tells in CSV: its opening, or an <see cref="EntryKind"/> by its name.</summary>
enum TicketRecord
{
    Opened,
    Assigned,
    Reply,
    CustomerReply,
    Note,
    Waiting,
    Resumed,
    Resolved,
    Rated,
    Closed,
    Reopened,
    Acknowledged,
    Assessed,
    Investigated,
    Finding,
    Proposed,
    ProposalAnswered,
    Compensated,
    Decided,
}
