using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Imports;

/// <summary>
/// Takes over the members of another programme, row by row. The same import again changes nothing; a dry run says what it would do and
/// writes nothing.
/// </summary>
public static class ImportProgramme
{
    public static void Map(CrmService room) =>
        room.MapImport(
            ProgrammeFormat.Format,
            "Take over the members of another programme (NDJSON or CSV)",
            "loyalty.import",
            [
                "already-imported",
                "customer-forgotten",
                "customer-unknown",
                "unknown-tier",
                "tier-differs",
                "history-differs",
                "invalid-row",
                "context-away",
            ],
            import => new Run(import).Write
        );

    sealed class Run(Import import)
    {
        readonly EventStore store = import.Services.GetRequiredService<EventStore>();
        readonly LoyaltyRules rules = import.Services.GetRequiredService<LoyaltyRules>();
        readonly CustomerLookups customers = import.Services.GetRequiredService<CustomerLookups>();

        /// <summary>What a dry run would have imported, by which row: a member who comes twice is noticed as in earnest.</summary>
        readonly Dictionary<Guid, (Guid Content, long Row)> would = [];

        public async Task<RowResult[]> Write(IReadOnlyList<Row<ImportMember>> rows, CancellationToken ct)
        {
            var (request, importId, dry) = (import.Request, import.Id, import.DryRun);
            var now = request.Now;
            var results = new Dictionary<long, RowResult>();
            var named = await customers.Of(
                rows,
                member => (member.CustomerId == Guid.Empty ? null : member.CustomerId, member.Customer),
                results,
                import.Caller
            );
            // A member is the same however the row names the customer.
            var good = rows.Where(r => named.ContainsKey(r.Number))
                .Select(r => (r.Number, Member: r.Command! with { CustomerId = named[r.Number], Customer = null }))
                .ToList();
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
                                    if (!account.IsOpen)
                                        throw new RuleViolationException(
                                            "customer-unknown",
                                            "There is no such customer, or the registration was not heard yet: send the row again.",
                                            "customerId"
                                        );
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
            for (var i = 0; i < good.Count; i++)
            {
                var ((number, member), result) = (good[i], written[i]);
                results[number] = said[i] is { } detail
                    ? new(number, "would-record", member.CustomerId, Detail: detail)
                    : RowResult.Of(number, result);
            }
            return [.. rows.Select(r => r.Refused ?? results[r.Number])];
        }
    }
}
