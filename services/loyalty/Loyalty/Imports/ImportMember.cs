using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Imports;

/// <summary>A lot of the old programme.</summary>
/// <param name="Reference">The old programme's number of it, unique among the member's lots.</param>
/// <param name="Points">What is left of them.</param>
/// <param name="EarnedAt">When the points were earned.</param>
/// <param name="ExpiresAt">When they expire; left out: never.</param>
/// <param name="ActiveFrom">They are pending until then; left out if they can be spent.</param>
public sealed record ImportedLot(
    string Reference,
    long Points,
    DateTimeOffset EarnedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? ActiveFrom = null
);

/// <summary>An entry of the old programme's statement.</summary>
/// <param name="Reference">The old programme's number of it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Points">Signed: what it did to the balance.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="Note">What the old programme called it, as a code.</param>
public sealed record ImportedEntry(string Reference, PastKind Kind, long Points, DateTimeOffset OccurredAt, string? Note = null);

/// <summary>
/// A member of the programme that was before this one: what is left of their points, lot by lot, and if it is known, how that came about.
/// </summary>
/// <param name="JoinedAt">When the member joined the old programme.</param>
/// <param name="QualifyingPoints">What counts for the tier here.</param>
/// <param name="Tier">What the old programme called them: a check, the qualifying points decide.</param>
/// <param name="Lots">What is left of their points.</param>
/// <param name="History">Where it is given it adds up to the lots.</param>
/// <param name="CustomerId">Empty where <paramref name="Customer"/> is given. First in JSON: the content of members that were imported
/// before it could be left out begins with it.</param>
/// <param name="Customer">The customer, by the number in another system; or customerId.</param>
public sealed partial record ImportMember(
    DateTimeOffset JoinedAt,
    long QualifyingPoints,
    string? Tier = null,
    IReadOnlyList<ImportedLot>? Lots = null,
    IReadOnlyList<ImportedEntry>? History = null,
    [property: JsonPropertyOrder(-1)] Guid CustomerId = default,
    CustomerNumber? Customer = null
)
{
    public const int MostLots = 1_000,
        MostHistory = 5_000;

    static readonly DateTimeOffset longAgo = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, string importId, DateTimeOffset now)
    {
        Must(Left.All(l => l is not null), "lots", "a list of lots");
        Must(Past.All(e => e is not null), "history", "a list of entries");
        var row = Normalised();
        var takeover = new Takeover(importId, row.Content(), now);
        if (account.Import is { } was)
            return was == takeover with { At = was.At }
                ? []
                : throw new RuleViolationException(
                    "already-imported",
                    was.ImportId == importId
                        ? "this member was imported with another content"
                        : $"this member was imported by {was.ImportId}",
                    "customerId"
                );
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the customer was forgotten: nothing is imported", "customerId");
        Check(now);
        CheckTier(rules.SchemeAt(now));
        return row.Facts(new Ledger(account, rules).Open(row.JoinedAt).Pass(now), takeover);
    }

    IAccountEvent[] Facts(Ledger ledger, Takeover takeover)
    {
        var now = takeover.At;
        foreach (var entry in Past)
            ledger.Note(
                new HistoryImported(
                    EntryId: NameId.For("import-history", CustomerId.ToString(), entry.Reference),
                    Reference: entry.Reference,
                    Kind: entry.Kind,
                    Points: entry.Points,
                    Note: entry.Note,
                    Balance: ledger.Account.Balance + ledger.Account.Told + entry.Points,
                    OccurredAt: entry.OccurredAt
                )
            );
        // The tier follows at once: lots count for none.
        ledger.Note(new MemberImported(takeover.ImportId, takeover.Content, JoinedAt, Tier, QualifyingPoints, now)).ReviewTier(now);
        foreach (var lot in Left)
            ledger.Import(
                new(
                    LotId: Lot.IdOf(CustomerId, $"{Lot.Imported} {lot.Reference}"),
                    Reference: lot.Reference,
                    Points: lot.Points,
                    Repaid: 0,
                    EarnedAt: lot.EarnedAt,
                    ExpiresAt: lot.ExpiresAt ?? Expiry.Never,
                    ActiveFrom: lot.ActiveFrom > now ? lot.ActiveFrom : null,
                    Balance: 0,
                    Told: Past.Count > 0 ? 0 : null,
                    OccurredAt: now
                )
            );
        // What has expired between the export and now was not here to expire in time.
        foreach (var lot in ledger.Account.ByExpiry.Where(l => l.IsDue(now)).ToList())
            ledger.Expire(lot, now);
        return ledger.Facts;
    }

    /// <summary>The same row with instants as they are stored.</summary>
    ImportMember Normalised() =>
        this with
        {
            JoinedAt = Stored(JoinedAt),
            Lots =
            [
                .. Left.Select(l =>
                        l with
                        {
                            EarnedAt = Stored(l.EarnedAt),
                            ExpiresAt = l.ExpiresAt is { } at ? Stored(at) : null,
                            ActiveFrom = l.ActiveFrom is { } from ? Stored(from) : null,
                        }
                    )
                    .OrderBy(l => l.EarnedAt)
                    .ThenBy(l => l.Reference, StringComparer.Ordinal),
            ],
            // What was earned goes before what was spent in the same instant.
            History =
            [
                .. Past.Select(e => e with { OccurredAt = Stored(e.OccurredAt) })
                    .OrderBy(e => e.OccurredAt)
                    .ThenByDescending(e => e.Points > 0)
                    .ThenBy(e => e.Reference, StringComparer.Ordinal),
            ],
        };

    IReadOnlyList<ImportedLot> Left => Lots ?? [];
    IReadOnlyList<ImportedEntry> Past => History ?? [];

    /// <summary>
    /// What the row says, in few characters. Left out is what is null, so that a field that is added later changes none of them.
    /// </summary>
    string Content() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, EventStoreOptions.Json)))[..32];

    static DateTimeOffset Stored(DateTimeOffset at) =>
        at.ToUniversalTime() is var utc ? utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond)) : default;
}
