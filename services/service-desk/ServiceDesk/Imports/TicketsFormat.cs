namespace CrmPlatform.ServiceDesk.Imports;

/// <summary>
/// The columns of an import of tickets. A record says in column <c>event</c> what happened; the records of one ticket follow one another,
/// its opening first.
/// </summary>
public static class TicketsFormat
{
    enum Record
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
    }

    static readonly Column<string> source = Column.Text("source", 60, "helpdesk", "the help desk that numbers the tickets", required: true);
    static readonly Column<string> reference = Column.Text("reference", 100, "T-1001", "the ticket's number there", required: true);
    static readonly Column<Guid> customerId = Column.Id("customerId", "", "the customer's id here, or:");
    static readonly Column<string> system = Column.Text("customerSystem", 60, "shop", "the system whose number customerValue is");
    static readonly Column<string> value = Column.Text("customerValue", 120, "C-1001", "the customer's external id");
    static readonly Column<string> kind = Column.Text("kind", 20, "complaint", "complaint, request or feedback", required: true);
    static readonly Column<string> category = Column.Text("category", 60, "delivery", "a code of your own", required: true);
    static readonly Column<string> severity = Column.Text("severity", 20, "major", "of a complaint: minor, major or critical");
    static readonly Column<string> subject = Column.Text("subject", 200, "The parcel is late", "of the ticket", required: true);
    static readonly Column<Record> what = Column.OneOf<Record>("event", "opened", "what happened", required: true);
    static readonly Column<DateTimeOffset> occurredAt = Column.Instant(
        "occurredAt",
        "2026-05-31T12:00:00+08:00",
        "when it happened, not before the record above it",
        required: true
    );
    static readonly Column<string> channel = Column.Text("channel", 60, "web", "opened and replies: where, a code; needed there");
    static readonly Column<string> agent = Column.Text(
        "agent",
        100,
        "",
        "assigned: to whom; reply, note: who wrote it, you if it is left out; a token's subject, never an e-mail address"
    );
    static readonly Column<string> text = Column.LongText(
        "text",
        20_000,
        "It was promised for Friday.",
        "opened, replies, note: what was written; needed but in opened"
    );
    static readonly Column<bool> automatic = Column.Flag("automatic", "", "replies: no person wrote it, so that it keeps no promise");
    static readonly Column<string> outcome = Column.Text("outcome", 60, "", "resolved: a code; needed there");
    static readonly Column<string> cause = Column.Text("cause", 60, "", "resolved: a code; needed there for a complaint");
    static readonly Column<string> reason = Column.Text("reason", 60, "", "reopened: a code; needed there");
    static readonly Column<long> score = Column.Whole("score", "", "rated: the customer's satisfaction, 1 to 5; needed there");

    public static readonly ImportFormat<ImportTicket> Format = new()
    {
        Kind = "tickets",
        Route = "imports/{importId}/tickets",
        Meaning =
            "A row is a ticket with its `history`: its opening as POST /api/service-desk/tickets takes it, and entries that are what the "
            + "ticket's commands take, each with its `event`. In CSV a record is the opening or an entry; the records of a ticket follow "
            + "one another in the order of time. Columns that an event does not have are empty. A customer's reply resumes a waiting "
            + "ticket and reopens a solved one by itself.",
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
        ],
        Together = [source, reference],
        Alike = [customerId, system, value, kind, category, severity, subject],
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
        if (rows.FirstOrDefault(r => r.Of(what) == Record.Opened != (r == opened)) is { } misplaced)
            throw new CellException(misplaced.Line, what, misplaced.Cell(what), "opened in a ticket's first record, and only there");
        Column[] others = [agent, automatic, outcome, cause, reason, score];
        if (others.FirstOrDefault(column => opened.Cell(column) is not null) is { } other)
            throw new CellException(opened.Line, other, opened.Cell(other), "empty where the event is opened");
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
            Score: row.Maybe(score) is { } given ? (int)Math.Clamp(given, 0, 6) : null
        );
}
