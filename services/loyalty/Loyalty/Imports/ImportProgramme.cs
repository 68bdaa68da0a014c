using System.Text.RegularExpressions;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Imports;

/// <summary>
/// Takes over the members of another programme, row by row. The same import again changes nothing; a dry run says what it would do and
/// writes nothing.
/// </summary>
public static partial class ImportProgramme
{
    public static void Map(CrmService room) =>
        room.MapImport(
            "imports/{importId}",
            "Take over the members of another programme (NDJSON or CSV)",
            "loyalty.import",
            [
                "already-imported",
                "customer-forgotten",
                "unknown-tier",
                "tier-differs",
                "history-differs",
                "invalid-row",
                "invalid-request",
                "too-large",
            ],
            (
                string importId,
                bool? dryRun,
                Request request,
                HttpContext http,
                EventStore store,
                LoyaltyRules rules,
                CancellationToken ct
            ) =>
            {
                if (!ImportId().IsMatch(importId))
                    throw new BadRequestException("importId", "1 to 80 letters, digits and . _ : -");
                var run = new Run(request, store, rules, importId, dryRun == true);
                return ImportRows.Answer<ImportMember>(
                    http,
                    ProgrammeCsv.Read,
                    run.Write,
                    ct,
                    member => 1 + (member.Lots?.Count ?? 0) + (member.History?.Count ?? 0)
                );
            }
        );

    sealed class Run(Request request, EventStore store, LoyaltyRules rules, string importId, bool dry)
    {
        /// <summary>What a dry run would have imported, by which row: a member who comes twice is noticed as in earnest.</summary>
        readonly Dictionary<Guid, (Guid Content, long Row)> would = [];

        public async Task<RowResult[]> Write(IReadOnlyList<Row<ImportMember>> rows, CancellationToken ct)
        {
            var now = request.Now;
            var good = rows.Where(r => r.Command is not null).Select(r => (r.Number, Member: r.Command!)).ToList();
            var said = new string?[good.Count];
            var written = await store.Execute(
                request,
                [
                    .. good.Select(
                        (row, i) =>
                            EventSourcing.Write.To(
                                LoyaltyAccount.Of(row.Member.CustomerId),
                                account =>
                                {
                                    if (would.TryGetValue(row.Member.CustomerId, out var earlier) && earlier.Row < row.Number)
                                        account = account with { Import = new(importId, earlier.Content.ToString("N"), now) };
                                    var facts = row.Member.Decide(account, rules, importId, now);
                                    if (!dry || facts.Length == 0)
                                        return facts;
                                    var after = account.After(facts);
                                    would[row.Member.CustomerId] = (Guid.ParseExact(after.Import!.Content, "N"), row.Number);
                                    said[i] =
                                        $"{after.Tier}, a balance of {after.Balance}; {facts.OfType<PointsImported>().Count()} lots, "
                                        + $"{facts.OfType<HistoryImported>().Count()} entries of history";
                                    return [];
                                }
                            )
                    ),
                ],
                refusalsAsResults: true
            );
            var results = new Dictionary<long, RowResult>();
            for (var i = 0; i < good.Count; i++)
            {
                var ((number, member), result) = (good[i], written[i]);
                results[number] =
                    result.Refused is { } no ? RowResult.Refused(number, no.Code, no.Message, no.Field)
                    : said[i] is { } detail ? new(number, "would-record", member.CustomerId, Detail: detail)
                    : new(number, result.Events.Count > 0 ? "recorded" : "unchanged", member.CustomerId);
            }
            return [.. rows.Select(r => r.Refused ?? results[r.Number])];
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,80}\z")]
    private static partial Regex ImportId();
}
