using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Opens a ticket. With the source and reference of another system it is idempotent: the same pair is the same ticket.</summary>
/// <param name="Kind"><c>complaint</c>, <c>request</c> or <c>feedback</c>.</param>
/// <param name="Category">What it is about, as a code: <c>billing</c>.</param>
/// <param name="Channel">How the customer contacted the help desk, as a code: <c>email</c>.</param>
/// <param name="Subject">The subject, in the customer's words.</param>
/// <param name="Text">The customer's text.</param>
/// <param name="Severity">Of a complaint: <c>minor</c>, <c>major</c>, <c>critical</c>.</param>
/// <param name="Source">The other system that numbers the ticket; with reference, or neither.</param>
/// <param name="Reference">The ticket's number in that system.</param>
/// <param name="OccurredAt">When the customer contacted the desk: now if left out; the clocks start then.</param>
/// <param name="AboutAgent">Of a complaint: the subject of the agent whom it is about. They do not see it and are not given it.</param>
public sealed record OpenTicket(
    Guid CustomerId,
    [property: Required, OneOf("complaint", "request", "feedback")] string Kind,
    [property: Required, Code] string Category,
    [property: Required, Code] string Channel,
    [property: Required, StringLength(200, MinimumLength = 1)] string Subject,
    [property: StringLength(20_000)] string? Text = null,
    [property: OneOf(null, "minor", "major", "critical")] string? Severity = null,
    [property: KeyText(60)] string? Source = null,
    [property: KeyText(100)] string? Reference = null,
    DateTimeOffset? OccurredAt = null,
    [property: Agent] string? AboutAgent = null
)
{
    /// <param name="imported">A complaint of another help desk, which was solved by the rules of that one.</param>
    /// <param name="acknowledged">Whether its history tells when it was acknowledged; if not, that is not promised.</param>
    public ITicketEvent[] Decide(
        Ticket ticket,
        DeskRules rules,
        Standing? standing,
        DateTimeOffset now,
        bool imported = false,
        bool acknowledged = false
    )
    {
        if (ticket.Exists)
            return ticket.CustomerId == CustomerId
                ? []
                : throw new DuplicateException("duplicate-reference", "The reference belongs to another customer's ticket.", "reference");
        if (standing is null)
            throw new RuleViolationException("customer-unknown", "There is no such customer.", "customerId");
        if (standing.Forgotten)
            throw new RuleViolationException(
                "customer-forgotten",
                "The customer was forgotten; no ticket can be opened for them.",
                "customerId"
            );
        if (Severity is not null && Kind != "complaint")
            throw new RuleViolationException("severity-of-complaints-only", "Only a complaint has a severity.", "severity");
        if (AboutAgent is not null && Kind != "complaint")
            throw new RuleViolationException("about-agent-of-complaints-only", "Only a complaint is about an agent.", "aboutAgent");
        var at = Desk.Moment(ticket, OccurredAt, now);
        var set = rules.At(at);
        var (policy, match) = set.For(standing);
        var priority = Priorities.Of(Kind, Severity, policy.Raise);
        var (targets, calendar) = (policy.Targets[priority], set.Calendar(policy.Calendar));
        var acknowledgement = Kind == "complaint" && (!imported || acknowledged) ? targets.Acknowledgement : null;
        ITicketEvent[] facts =
        [
            new TicketOpened(
                CustomerId: CustomerId,
                Kind: Kind,
                Category: Category,
                Severity: Severity,
                Priority: priority,
                Channel: Channel,
                Source: Source,
                Reference: Reference,
                Tier: standing.Tier,
                PolicyId: policy.Id,
                PolicyVersion: policy.Version,
                Calendar: policy.Calendar,
                FirstResponseTarget: targets.FirstResponse,
                ResolutionTarget: targets.Resolution,
                FirstResponseDueAt: calendar.Add(at, targets.FirstResponse),
                ResolutionDueAt: calendar.Add(at, targets.Resolution),
                OccurredAt: at,
                Personal: Personal.Of(CustomerId, new TicketText(Subject, Text)),
                NextUpdateTarget: targets.NextUpdate,
                Ladder: policy.Escalations,
                AcknowledgementTarget: acknowledgement,
                AcknowledgementDueAt: acknowledgement is { } target ? calendar.Add(at, target) : null,
                NeedsDecision: Kind == "complaint" && !imported,
                Rules: set.Version,
                Match: match,
                AboutAgent: AboutAgent
            ),
        ];
        return facts.WithSteps(ticket, rules, at);
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets",
                "Open a ticket",
                "service-desk.write",
                async (
                    OpenTicket command,
                    Request request,
                    EventStore store,
                    NpgsqlDataSource db,
                    Registered registered,
                    DeskRules rules,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    if (command.CustomerId == Guid.Empty)
                        throw new BadRequestException("customerId", "the id of a customer");
                    if (command.Source is null != command.Reference is null)
                        throw new BadRequestException(
                            command.Source is null ? "source" : "reference",
                            "given: source and reference are given together or not at all"
                        );
                    if (command is { Source: { } source, Reference: { } reference })
                        command = command with { Source = Keys.Normal(source), Reference = Keys.Normal(reference) };
                    var id = command.Source is null ? request.NewId : NameId.For("ticket", command.Source, command.Reference!);
                    // A registration may arrive here after the first ticket about it.
                    var standing = await Standing.Of(db, command.CustomerId, ct) ?? await registered.Ask(command.CustomerId, http);
                    request.Creates(id, $"/api/service-desk/tickets/{id}");
                    return request.Done(
                        await store.Write(request, Ticket.Of(id), ticket => command.Decide(ticket, rules, standing, request.Now))
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Duplicates("duplicate-reference")
            .Refuses("customer-unknown", "customer-forgotten", "severity-of-complaints-only", "in-the-future")
            .Refuses("about-agent-of-complaints-only");
}
