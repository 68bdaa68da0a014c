namespace CrmPlatform.ServiceDesk.Imports;

/// <summary>
/// The columns of an import of tickets. A record says in column <c>event</c> what happened; the records of one ticket follow one another,
/// its opening first.
/// </summary>
public static class TicketsFormat
{
    static readonly Column<string> source = Column.Text("source", 60, "helpdesk", "the help desk that numbers the tickets", required: true);
    static readonly Column<string> reference = Column.Text("reference", 100, "T-1001", "the ticket's number there", required: true);
    static readonly Column<Guid> customerId = Column.Id("customerId", "", "the customer's id here, or:");
    static readonly Column<string> system = Column.Text("customerSystem", 60, "shop", "the system whose number customerValue is");
    static readonly Column<string> value = Column.Text("customerValue", 120, "C-1001", "the customer's external id");
    static readonly Column<string> kind = Column.Text("kind", 20, "complaint", "complaint, request or feedback", required: true);
    static readonly Column<string> category = Column.Text("category", 60, "delivery", "a code of your own", required: true);
    static readonly Column<string> severity = Column.Text(
        "severity",
        20,
        "major",
        "of a complaint: minor, major or critical; assessed: as it was judged, needed there"
    );
    static readonly Column<string> subject = Column.Text("subject", 200, "The parcel is late", "of the ticket", required: true);
    static readonly Column<TicketRecord> what = Column.OneOf<TicketRecord>("event", "opened", "what happened", required: true);
    static readonly Column<DateTimeOffset> occurredAt = Column.Instant(
        "occurredAt",
        "2026-05-31T12:00:00+08:00",
        "when it happened, not before the record above it",
        required: true
    );
    static readonly Column<string> channel = Column.Text(
        "channel",
        60,
        "web",
        "opened, replies, acknowledged: where, a code; needed there"
    );
    static readonly Column<string> agent = Column.Text(
        "agent",
        100,
        "",
        "assigned: to whom; else who did it, you if it is left out; a token's subject, never an e-mail address"
    );
    static readonly Column<string> text = Column.LongText(
        "text",
        20_000,
        "It was promised for Friday.",
        "opened, replies, note, finding: what was written; needed but in opened"
    );
    static readonly Column<bool> automatic = Column.Flag(
        "automatic",
        "",
        "replies, acknowledged: no person wrote it; such a reply keeps no promise"
    );
    static readonly Column<string> outcome = Column.Text(
        "outcome",
        60,
        "",
        "resolved: a code; decided: upheld, partly, rejected or withdrawn; needed there"
    );
    static readonly Column<string> cause = Column.Text(
        "cause",
        60,
        "",
        "decided: one of the causes of the desk; resolved: a code, needed for a complaint that was not decided"
    );
    static readonly Column<string> reason = Column.Text("reason", 60, "", "reopened: a code; needed there");
    static readonly Column<long> score = Column.Whole("score", "", "rated: the customer's satisfaction, 1 to 5; needed there");

    static readonly Column<bool> safety = Column.Flag("safety", "", "assessed: somebody's safety was at stake");
    static readonly Column<string> scope = Column.Text("scope", 20, "", "assessed: one customer or many were concerned; one if left out");
    static readonly Column<string> remedy = Column.Text(
        "remedy",
        20,
        "",
        "proposed: apology, refund, replace, repair, points, voucher or none; compensated: refund, points or voucher; needed there"
    );
    static readonly Column<decimal> amount = Column.Number(
        "amount",
        "",
        "of a refund or voucher, in the currency of the installation; of points, how many"
    );
    static readonly Column<DateTimeOffset> until = Column.Instant("until", "", "proposed: until when it could be answered; needed there");
    static readonly Column<string> answer = Column.Text("answer", 20, "", "proposalAnswered: accepted or rejected; needed there");

    public static readonly ImportFormat<ImportTicket> Format = new()
    {
        Kind = "tickets",
        Route = "imports/{importId}/tickets",
        Meaning =
            "A row is a ticket with its `history`: its opening as POST /api/service-desk/tickets takes it, and entries that are what the "
            + "ticket's commands take, each with its `event`. In CSV a record is the opening or an entry; the records of a ticket follow "
            + "one another in the order of time. Columns that an event does not have are empty. A customer's reply resumes a waiting "
            + "ticket and reopens a solved one by itself. A complaint's decision is told by `assessed` and `decided`; who decides did not "
            + "make the proposal that the customer rejected (`agent` tells them apart). What was `compensated` is in the register, and is "
            + "not given again.",
        Identity =
            "source and reference. The same ticket again is `unchanged`; one with further entries gets these; one that tells something "
            + "else is refused (`duplicate-ticket`).",
        Columns =
        [
            source,
            reference,
            customerId,
            system,
            value,
            kind,
            category,
            severity,
            subject,
            what,
            occurredAt,
            channel,
            agent,
            text,
            automatic,
            outcome,
            cause,
            reason,
            score,
            safety,
            scope,
            remedy,
            amount,
            until,
            answer,
        ],
        Together = [source, reference],
        Alike = [customerId, system, value, kind, category, subject],
        MostRecords = 1 + ImportTicket.MostHistory,
        SecondExample = new Dictionary<Column, string>
        {
            [what] = "reply",
            [occurredAt] = "2026-05-31T14:30:00+08:00",
            [channel] = "email",
            [agent] = "agent-7",
            [text] = "We are asking the carrier.",
        },
        Elements = rows => [("history", rows.Skip(1))],
        Weight = ticket => 1 + (ticket.History?.Count ?? 0),
        Read = Read,
    };

    static ImportTicket Read(IReadOnlyList<CsvRow> rows)
    {
        var opened = rows[0];
        if (rows.FirstOrDefault(r => r.Of(what) == TicketRecord.Opened != (r == opened)) is { } misplaced)
            throw new CellException(misplaced.Line, what, misplaced.Cell(what), "opened in a ticket's first record, and only there");
        Column[] others = [agent, automatic, outcome, cause, reason, score, safety, scope, remedy, amount, until, answer];
        if (others.FirstOrDefault(column => opened.Cell(column) is not null) is { } other)
            throw new CellException(opened.Line, other, opened.Cell(other), "empty where the event is opened");
        if (rows.FirstOrDefault(r => r.Of(what) != TicketRecord.Assessed && Differs(r.Cell(severity))) is { } judged)
            throw new CellException(judged.Line, severity, judged.Cell(severity), "as in the ticket's first record, or empty");
        return new(
            Source: opened.Of(source),
            Reference: opened.Of(reference),
            Kind: opened.Of(kind),
            Category: opened.Of(category),
            Channel: opened.Of(channel),
            Subject: opened.Of(subject),
            OccurredAt: opened.Of(occurredAt),
            CustomerId: opened.Maybe(customerId),
            Customer: opened.Cell(system) is null && opened.Cell(value) is null ? null : new(opened.Of(system), opened.Of(value)),
            Text: opened.Maybe(text),
            Severity: opened.Maybe(severity),
            History: [.. rows.Skip(1).Select(Entry)]
        );
        bool Differs(string? cell) => cell is not null && cell != opened.Cell(severity);
    }

    static TicketEntry Entry(CsvRow row) =>
        new(
            Event: Enum.Parse<EntryKind>(row.Of(what).ToString()),
            OccurredAt: row.Of(occurredAt),
            Agent: row.Maybe(agent),
            Channel: row.Maybe(channel),
            Text: row.Maybe(text),
            Automatic: row.Maybe(automatic),
            Outcome: row.Maybe(outcome),
            Cause: row.Maybe(cause),
            Reason: row.Maybe(reason),
            // What no int holds is out of range like 0 and 6.
            Score: row.Maybe(score) is { } given ? (int)Math.Clamp(given, 0, 6) : null,
            Severity: row.Of(what) == TicketRecord.Assessed ? row.Maybe(severity) : null,
            Safety: row.Maybe(safety),
            Scope: row.Maybe(scope),
            Remedy: row.Maybe(remedy),
            Amount: row.Maybe(amount),
            Until: row.Maybe(until),
            Answer: row.Maybe(answer)
        );
}
