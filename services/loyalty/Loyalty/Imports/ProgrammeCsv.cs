using System.Globalization;
using System.Runtime.CompilerServices;
using CrmPlatform.Loyalty.Accounts;
using CsvHelper;
using CsvHelper.Configuration;

namespace CrmPlatform.Loyalty.Imports;

/// <summary>
/// The flat form of a programme: a record says in column <c>record</c> whether it is a <c>member</c>, a <c>lot</c> or an entry of
/// <c>history</c>. The records of one customer follow one another, the member first. Columns: customerId, record, joinedAt, tier,
/// qualifyingPoints, reference, kind, points, earnedAt, expiresAt, activeFrom, occurredAt, note.
/// </summary>
static class ProgrammeCsv
{
    const int LongestField = 1_000;

    /// <summary>A row is numbered by the first record of its customer.</summary>
    public static async IAsyncEnumerable<Row<ImportMember>> Read(TextReader reader, [EnumeratorCancellation] CancellationToken ct)
    {
        // What is not well-formed is no number, date or reference either.
        using var csv = new CsvReader(
            reader,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                MaxFieldSize = LongestField,
                MissingFieldFound = null,
                BadDataFound = null,
            }
        );
        Member? member = null;
        var end = false;
        for (var number = 0L; !end; number++)
        {
            ct.ThrowIfCancellationRequested();
            var broken = false;
            try
            {
                end = !await csv.ReadAsync();
            }
            catch (MaxFieldSizeException)
            {
                (broken, end) = (true, true);
            }
            if (number == 0 && !end && csv.ReadHeader())
                continue;
            if (broken)
            {
                if (member is not null)
                    yield return member.Row();
                yield return new(
                    number,
                    null,
                    RowResult.Refused(
                        number,
                        "too-large",
                        $"A field has at most {LongestField} characters. Nothing after this record was read."
                    )
                );
                yield break;
            }
            var customer = end ? null : csv.GetField("customerId")?.Trim() ?? "";
            if (member is not null && customer != member.Customer)
            {
                yield return member.Row();
                member = null;
            }
            if (end)
                yield break;
            member ??= new(number, customer!);
            member.Add(csv, number);
        }
    }

    /// <summary>The records of one customer, up to what a row may hold.</summary>
    sealed class Member(long number, string customer)
    {
        readonly List<ImportedLot> lots = [];
        readonly List<ImportedEntry> history = [];
        ImportMember? head;
        RowResult? refused;

        public string Customer => customer;

        public void Add(CsvReader csv, long record)
        {
            if (refused is not null)
                return;
            try
            {
                switch (Text(csv, "record"))
                {
                    case "member" when head is null:
                        head = new(
                            Guid.TryParse(customer, out var id) ? id : throw new FormatException("customerId"),
                            At(csv, "joinedAt") ?? throw new FormatException("joinedAt"),
                            Number(csv, "qualifyingPoints"),
                            Text(csv, "tier")
                        );
                        break;
                    case "lot" when head is not null && lots.Count <= ImportMember.MostLots:
                        lots.Add(
                            new(
                                Text(csv, "reference") ?? "",
                                Number(csv, "points"),
                                At(csv, "earnedAt") ?? throw new FormatException("earnedAt"),
                                At(csv, "expiresAt"),
                                At(csv, "activeFrom")
                            )
                        );
                        break;
                    case "history" when head is not null && history.Count <= ImportMember.MostHistory:
                        history.Add(
                            new(
                                Text(csv, "reference") ?? "",
                                Enum.TryParse<PastKind>(Text(csv, "kind"), true, out var kind) && Enum.IsDefined(kind)
                                    ? kind
                                    : throw new FormatException("kind"),
                                Number(csv, "points"),
                                At(csv, "occurredAt") ?? throw new FormatException("occurredAt"),
                                Text(csv, "note")
                            )
                        );
                        break;
                    case "lot" or "history" when head is not null:
                        break;
                    default:
                        throw new FormatException("record");
                }
            }
            catch (FormatException e)
            {
                var expected = e.Message switch
                {
                    "record" => "member (once, first), lot or history",
                    "customerId" => "the customer's id",
                    "kind" => "earned, redeemed, expired or adjusted",
                    "points" or "qualifyingPoints" => "a whole number",
                    _ => "an instant like 2026-05-31T12:00:00Z",
                };
                refused = RowResult.Refused(number, "invalid-request", $"Record {record}: {e.Message} is {expected}.", e.Message);
            }
        }

        public Row<ImportMember> Row() =>
            refused is null ? new(number, head! with { Lots = lots, History = history }, null) : new(number, null, refused);

        static string? Text(CsvReader csv, string column) =>
            csv.TryGetField<string>(column, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        static long Number(CsvReader csv, string column) =>
            long.TryParse(Text(csv, column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException(column);

        static DateTimeOffset? At(CsvReader csv, string column) =>
            Text(csv, column) is not { } text ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
            : throw new FormatException(column);
    }
}
