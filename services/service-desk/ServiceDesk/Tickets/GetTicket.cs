using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

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
                    PersonalReader reader,
                    HiddenTickets hidden,
                    CancellationToken ct
                ) =>
                {
                    if (
                        View(await store.FetchStream(id, ct: ct), rules, clock.GetUtcNow())?.For(reader) is not { } ticket
                        || await hidden.Contains(id, ct)
                    )
                        return Answer.NotFound("ticket", id);
                    http.Response.Headers.ETag = $"\"{ticket.Version}\"";
                    if (ticket.Personal == PersonalShown.Shown)
                        await reader.Read(ticket.CustomerId);
                    return Results.Ok(
                        ticket with
                        {
                            RepeatComplaint = ticket is { Kind: "complaint", Cause: not null } && await IsRepeat(db, ticket, ct),
                        }
                    );
                }
            )
            .Produces<TicketView>()
            .ShowsMoreWith(Permissions.PersonalRead, "the subject, what was written, and the numbers of cases at authorities");

    public static TicketView? View(IReadOnlyList<RecordedEvent> stream, DeskRules rules, DateTimeOffset now)
    {
        if (stream is not [{ Data: TicketOpened opened }, ..])
            return null;
        var ticket = stream.Aggregate(Ticket.Initial, (state, e) => state.Evolve((ITicketEvent)e.Data));
        var resolved = stream.Select(e => e.Data).OfType<TicketResolved>().LastOrDefault();
        var calendar = rules.Calendar(ticket.Calendar, now);
        var score = stream.Select(e => e.Data).OfType<SatisfactionAnswered>().LastOrDefault();
        return new(
            Id: stream[0].StreamId,
            Version: stream[^1].Version,
            CustomerId: opened.CustomerId,
            Kind: opened.Kind,
            Category: opened.Category,
            Severity: ticket.Complaint is { } judged ? judged.Severity : opened.Severity,
            Priority: ticket.Priority,
            Channel: opened.Channel,
            Status: ticket.Status.ToString().ToLowerInvariant(),
            Agent: ticket.Agent,
            AssignedBecause: stream.Select(e => e.Data).OfType<TicketAssigned>().LastOrDefault()?.Reason,
            Source: opened.Source,
            Reference: opened.Reference,
            Tier: opened.Tier,
            PolicyId: ticket.Policy.Id,
            PolicyVersion: ticket.Policy.Version,
            OpenedAt: opened.OccurredAt,
            Personal: opened.Personal?.Value is null ? PersonalShown.Forgotten : PersonalShown.Shown,
            Subject: opened.Personal?.Value?.Subject,
            Text: opened.Personal?.Value?.Body,
            Messages: [.. stream.Select(e => Message(e.Data)).OfType<TicketMessage>()],
            Clocks:
            [
                Clock(Promises.FirstResponse, ticket.FirstResponse!),
                Clock(Promises.Resolution, ticket.Resolution!),
                .. ticket.NextUpdate is { } update ? [Clock(Promises.NextUpdate, update)] : Array.Empty<ClockView>(),
                .. ticket.Acknowledgement is { } receipt ? [Clock(Promises.Acknowledgement, receipt)] : Array.Empty<ClockView>(),
            ],
            Escalations:
            [
                .. stream.Select(e => e.Data).OfType<Escalated>().Select(e => new EscalationView(e.Clock, e.Step, e.Notify, e.OccurredAt)),
            ],
            Outcome: resolved?.Outcome,
            Cause: resolved?.Cause,
            ResolvedAt: ticket.ResolvedAt,
            Satisfaction: ticket.SatisfactionAnswered ? score?.Score : null,
            RepeatComplaint: false,
            Complaint: ticket.Complaint is { } complaint
                ? ComplaintView.Of(complaint, [.. stream.Select(e => e.Data)], ticket.Resolution?.DueAt, now)
                : null,
            Reopened: stream.Count(e => e.Data is TicketReopened),
            FirstReplyMinutes: ticket.FirstResponse?.MetAt is { } answered
                ? (int)calendar.Between(opened.OccurredAt, answered).TotalMinutes
                : null
        );

        DateTimeOffset? Moved(string clock) =>
            stream.Select(e => e.Data).OfType<IPolicyChanged>().SelectMany(e => e.Dues).LastOrDefault(d => d.Clock == clock)?.DueAt;

        BreachExcused? Excused(string clock)
        {
            var number =
                clock == Promises.Resolution ? 1 + stream.Count(e => e.Data is TicketReopened)
                : clock == Promises.NextUpdate ? ticket.NextUpdates
                : 1;
            return stream.Select(e => e.Data).OfType<BreachExcused>().LastOrDefault(e => (e.Clock, e.Number) == (clock, number));
        }

        ClockView Clock(string name, SlaClock clock)
        {
            var excused = Excused(name);
            var met = name == Promises.Resolution ? ticket.ResolvedAt : clock.MetAt;
            // Of these two the clock never pauses.
            DateTimeOffset? promised =
                name == Promises.FirstResponse ? Moved(name) ?? opened.FirstResponseDueAt
                : name == Promises.Acknowledgement ? Moved(name) ?? opened.AcknowledgementDueAt
                : null;
            var used = promised is not null && met is { } at ? calendar.Between(opened.OccurredAt, at) : clock.UsedAt(now, calendar);
            var state =
                excused is not null ? "excused"
                : met is not null ? "met"
                : clock.RunsSince is null ? "paused"
                : clock.DueAt < now ? "late"
                : "running";
            return new(
                Clock: name,
                State: state,
                TargetMinutes: (int)clock.Target.TotalMinutes,
                UsedMinutes: (int)used.TotalMinutes,
                RemainingMinutes: (int)(clock.Target - used).TotalMinutes,
                DueAt: excused?.DueAt
                    ?? clock.DueAt
                    ?? promised
                    ?? (met is null || name == Promises.NextUpdate ? null : resolved!.DueAt ?? LastDue(stream)),
                MetAt: met,
                Breached: clock.Breached || clock.IsBroken(now)
            );
        }
    }

    /// <summary>When the solution was due, of a ticket that was solved before its solution told that.</summary>
    static DateTimeOffset? LastDue(IEnumerable<RecordedEvent> stream) =>
        stream
            .Select(fact =>
                fact.Data switch
                {
                    TicketOpened opened => opened.ResolutionDueAt,
                    TicketResumed resumed => resumed.ResolutionDueAt,
                    TicketReopened reopened => reopened.ResolutionDueAt,
                    IPolicyChanged e => e.Dues.FirstOrDefault(d => d.Clock == Promises.Resolution)?.DueAt,
                    _ => (DateTimeOffset?)null,
                }
            )
            .LastOrDefault(due => due is not null);

    static TicketMessage? Message(object fact) =>
        fact switch
        {
            TicketReplied r => new(r.OccurredAt, r.By, r.Author, r.Channel, r.Personal?.Value?.Text, r.Automatic),
            NoteAdded n => new(n.OccurredAt, "note", n.Author, null, n.Personal?.Value?.Text),
            _ => null,
        };

    /// <summary>Another complaint of the same person with the same cause within 90 days before this one.</summary>
    static async Task<bool> IsRepeat(NpgsqlDataSource db, TicketView ticket, CancellationToken ct)
    {
        var members = (await CustomerGroups.Of(db, ticket.CustomerId, ct)).Members.ToArray();
        return await db.QuerySingle<bool>(
            """
            select exists (select from ticket_list where customer_id = any(@members) and kind = 'complaint' and cause = @Cause
                and ticket_id <> @Id
                and opened_at <= @OpenedAt and opened_at > @OpenedAt - interval '90 days')
            """,
            new
            {
                members,
                ticket.Cause,
                ticket.Id,
                ticket.OpenedAt,
            },
            ct
        );
    }
}
