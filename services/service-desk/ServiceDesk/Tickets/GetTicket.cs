using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <param name="By">agent, customer, or note for a private one.</param>
/// <param name="Text">Null once the customer was forgotten.</param>
public sealed record TicketMessage(DateTimeOffset At, string By, string? Author, string? Channel, string? Text);

/// <param name="State">running, paused, met; late from the due instant on.</param>
public sealed record ClockView(
    string Clock,
    string State,
    int TargetMinutes,
    int UsedMinutes,
    int RemainingMinutes,
    DateTimeOffset? DueAt,
    DateTimeOffset? MetAt,
    bool Breached
);

public sealed record TicketView(
    Guid Id,
    long Version,
    Guid CustomerId,
    string Kind,
    string Category,
    string? Severity,
    string Priority,
    string Channel,
    string Status,
    string? Agent,
    string? Source,
    string? Reference,
    string? Tier,
    string PolicyId,
    int PolicyVersion,
    DateTimeOffset OpenedAt,
    string? Subject,
    string? Text,
    IReadOnlyList<TicketMessage> Messages,
    IReadOnlyList<ClockView> Clocks,
    string? Outcome,
    string? Cause,
    DateTimeOffset? ResolvedAt,
    int? Satisfaction,
    bool RepeatComplaint
);

/// <summary>A whole ticket with its text, read from its stream: the text is decrypted for this answer and not stored in any view.</summary>
public static class GetTicket
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "tickets/{id:guid}",
                "The whole ticket, with its text and clocks",
                "service-desk.read",
                async (
                    Guid id,
                    HttpContext http,
                    EventStore store,
                    NpgsqlDataSource db,
                    DeskRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    if (View(await store.FetchStream(id, ct: ct), rules, clock.GetUtcNow()) is not { } ticket)
                        return Answer.NotFound("ticket", id);
                    http.Response.Headers.ETag = $"\"{ticket.Version}\"";
                    // The answer contains personal text: no cache may store it.
                    http.Response.Headers.CacheControl = "no-store";
                    return Results.Ok(
                        ticket with
                        {
                            RepeatComplaint = ticket is { Kind: "complaint", Cause: not null } && await IsRepeat(db, ticket, ct),
                        }
                    );
                }
            )
            .Produces<TicketView>();

    public static TicketView? View(IReadOnlyList<RecordedEvent> stream, DeskRules rules, DateTimeOffset now)
    {
        if (stream is not [{ Data: TicketOpened opened }, ..])
            return null;
        var ticket = stream.Aggregate(Ticket.Initial, (state, e) => state.Evolve((ITicketEvent)e.Data));
        var resolved = stream.Select(e => e.Data).OfType<TicketResolved>().LastOrDefault();
        var reopened = stream.Select(e => e.Data).OfType<TicketReopened>().LastOrDefault();
        var score = stream.Select(e => e.Data).OfType<SatisfactionAnswered>().LastOrDefault();
        return new(
            Id: stream[0].StreamId,
            Version: stream[^1].Version,
            CustomerId: opened.CustomerId,
            Kind: opened.Kind,
            Category: opened.Category,
            Severity: opened.Severity,
            Priority: opened.Priority,
            Channel: opened.Channel,
            Status: ticket.Status.ToString().ToLowerInvariant(),
            Agent: ticket.Agent,
            Source: opened.Source,
            Reference: opened.Reference,
            Tier: opened.Tier,
            PolicyId: opened.PolicyId,
            PolicyVersion: opened.PolicyVersion,
            OpenedAt: opened.OccurredAt,
            Subject: opened.Personal?.Value?.Subject,
            Text: opened.Personal?.Value?.Body,
            Messages: [.. stream.Select(e => Message(e.Data)).OfType<TicketMessage>()],
            Clocks: [Clock(SlaClock.FirstResponse, ticket.FirstResponse!), Clock(SlaClock.Resolution, ticket.Resolution!)],
            Outcome: resolved?.Outcome,
            Cause: resolved?.Cause,
            ResolvedAt: ticket.ResolvedAt,
            Satisfaction: ticket.SatisfactionAnswered ? score?.Score : null,
            RepeatComplaint: false
        );

        ClockView Clock(string name, SlaClock clock)
        {
            var calendar = rules.Calendar(ticket.Calendar);
            var used =
                clock.MetAt is { } met && name == SlaClock.FirstResponse
                    ? calendar.Between(opened.OccurredAt, met)
                    : clock.UsedAt(now, calendar);
            var state =
                clock.MetAt is not null || ticket.ResolvedAt is not null ? "met"
                : clock.RunsSince is null ? "paused"
                : clock.DueAt < now ? "late"
                : "running";
            return new(
                Clock: name,
                State: state,
                TargetMinutes: (int)clock.Target.TotalMinutes,
                UsedMinutes: (int)used.TotalMinutes,
                RemainingMinutes: (int)(clock.Target - used).TotalMinutes,
                DueAt: clock.DueAt,
                MetAt: name == SlaClock.Resolution ? ticket.ResolvedAt : clock.MetAt,
                Breached: clock.Breached || clock.IsBroken(now)
            );
        }
    }

    static TicketMessage? Message(object fact) =>
        fact switch
        {
            TicketReplied r => new(r.OccurredAt, r.By, r.Author, r.Channel, r.Personal?.Value?.Text),
            NoteAdded n => new(n.OccurredAt, "note", n.Author, null, n.Personal?.Value?.Text),
            _ => null,
        };

    /// <summary>Another complaint of the same customer with the same cause within 90 days before this one.</summary>
    static async Task<bool> IsRepeat(NpgsqlDataSource db, TicketView ticket, CancellationToken ct)
    {
        return await db.QuerySingle<bool>(
            """
            select exists (select from tickets where customer_id = @CustomerId and kind = 'complaint' and cause = @Cause
                and ticket_id <> @Id
                and opened_at <= @OpenedAt and opened_at > @OpenedAt - interval '90 days')
            """,
            new
            {
                ticket.CustomerId,
                ticket.Cause,
                ticket.Id,
                ticket.OpenedAt,
            },
            ct
        );
    }
}
