using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Imports;

/// <summary>
/// The columns of an import of another programme. A record says in column <c>record</c> whether it is a <c>member</c>, a <c>lot</c> or an
/// entry of <c>history</c>; the records of one customer follow one another, the member first.
/// </summary>
public static class ProgrammeFormat
{
    enum Record
    {
        Member,
        Lot,
        History,
    }

    static readonly Column<Guid> customerId = Column.Id(
        "customerId",
        "3cca06d1-6b1f-4e0e-9a51-0c5f3c7d2f10",
        "the customer's id here, or:"
    );
    static readonly Column<string> system = Column.Text("customerSystem", 60, "", "the system whose number customerValue is");
    static readonly Column<string> value = Column.Text("customerValue", 120, "", "the customer's external id");
    static readonly Column<Record> record = Column.OneOf<Record>("record", "member", "what the record is", required: true);
    static readonly Column<DateTimeOffset> joinedAt = Column.Instant("joinedAt", "2022-08-28T00:45:00Z", "member: when they joined");
    static readonly Column<string> tier = Column.Text("tier", 40, "Gold", "member: a check; the qualifying points decide");
    static readonly Column<long> qualifyingPoints = Column.Whole("qualifyingPoints", "2716", "member: the points that count for the tier");
    static readonly Column<string> reference = Column.Text("reference", 100, "", "lot, history: the earlier programme's number");
    static readonly Column<PastKind> kind = Column.OneOf<PastKind>("kind", "", "history: what happened");
    static readonly Column<long> points = Column.Whole("points", "", "lot: what is left; history: signed");
    static readonly Column<DateTimeOffset> earnedAt = Column.Instant("earnedAt", "", "lot: when they were earned");
    static readonly Column<DateTimeOffset> expiresAt = Column.Instant("expiresAt", "", "lot: left out, they never expire");
    static readonly Column<DateTimeOffset> activeFrom = Column.Instant("activeFrom", "", "lot: they are pending until then");
    static readonly Column<DateTimeOffset> occurredAt = Column.Instant("occurredAt", "", "history: when it happened");
    static readonly Column<string> note = Column.Text("note", 64, "", "history: a code");

    public static readonly ImportFormat<ImportMember> Format = new()
    {
        Kind = "programme",
        Route = "imports/{importId}",
        Meaning =
            "A row is a member of another programme, with lots and history (docs/import-programme.md). In CSV a member is several records "
            + "that follow one another.",
        Identity =
            "the customer, once for ever. The same row of the same import again is `unchanged`; another one is refused "
            + "(`already-imported`).",
        Columns =
        [
            customerId,
            system,
            value,
            record,
            joinedAt,
            tier,
            qualifyingPoints,
            reference,
            kind,
            points,
            earnedAt,
            expiresAt,
            activeFrom,
            occurredAt,
            note,
        ],
        Together = [customerId, system, value],
        MostRecords = 1 + ImportMember.MostLots + ImportMember.MostHistory,
        SecondExample = new Dictionary<Column, string>
        {
            [record] = "lot",
            [joinedAt] = "",
            [tier] = "",
            [qualifyingPoints] = "",
            [reference] = "L-7",
            [points] = "43",
            [earnedAt] = "2022-08-30T12:16:00Z",
        },
        Elements = rows =>
            [("lots", rows.Where(r => r.Of(record) == Record.Lot)), ("history", rows.Where(r => r.Of(record) == Record.History))],
        Weight = member => 1 + (member.Lots?.Count ?? 0) + (member.History?.Count ?? 0),
        Read = Read,
    };

    static ImportMember Read(IReadOnlyList<CsvRow> rows)
    {
        var head = rows[0];
        if (rows.FirstOrDefault(r => r.Of(record) == Record.Member != (r == head)) is { } misplaced)
            throw new CellException(misplaced.Line, record, $"{misplaced.Cell(record)}: the member comes first, once");
        return new(
            JoinedAt: head.Of(joinedAt),
            QualifyingPoints: head.Of(qualifyingPoints),
            Tier: head.Maybe(tier),
            Lots:
            [
                .. rows.Where(r => r.Of(record) == Record.Lot)
                    .Select(r => new ImportedLot(r.Of(reference), r.Of(points), r.Of(earnedAt), r.Maybe(expiresAt), r.Maybe(activeFrom))),
            ],
            History:
            [
                .. rows.Where(r => r.Of(record) == Record.History)
                    .Select(r => new ImportedEntry(r.Of(reference), r.Of(kind), r.Of(points), r.Of(occurredAt), r.Maybe(note))),
            ],
            CustomerId: head.Maybe(customerId) ?? Guid.Empty,
            Customer: head.Cell(system) is null && head.Cell(value) is null ? null : new(head.Of(system), head.Of(value))
        );
    }
}
