using System.Text.RegularExpressions;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Imports;

/// <summary>What a row must be like to be imported.</summary>
public sealed partial record ImportMember
{
    const string NoReference = "1 to 100 letters, digits and . _ : -, beginning with a letter or digit";

    /// <summary>The tier that the old programme gave must be the one that the qualifying points make.</summary>
    void CheckTier(TierScheme scheme)
    {
        if (Tier is null)
            return;
        if (scheme.Rank(Tier) < 0)
            throw new RuleViolationException("unknown-tier", $"one of {string.Join(", ", scheme.Tiers.Select(t => t.Name))}", "tier");
        if (scheme.For(QualifyingPoints).Name is var made && made != Tier)
            throw new RuleViolationException("tier-differs", $"{QualifyingPoints} qualifying points make {made}, not {Tier}", "tier");
    }

    void Check(DateTimeOffset now)
    {
        Must(CustomerId != Guid.Empty, "customerId", "the customer's id");
        Must(JoinedAt >= longAgo && JoinedAt <= now, "joinedAt", "not in the future, nor before 1900");
        Must(QualifyingPoints is >= 0 and <= LoyaltyRules.MostPoints, "qualifyingPoints", $"0 to {LoyaltyRules.MostPoints}");
        Must(Left.Count <= MostLots, "lots", $"at most {MostLots}");
        Must(Past.Count <= MostHistory, "history", $"at most {MostHistory} entries");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Left.Count; i++)
        {
            var lot = Left[i];
            Must(Reference().IsMatch(lot.Reference), $"lots[{i}].reference", NoReference);
            Must(seen.Add(lot.Reference), $"lots[{i}].reference", "a number that no other lot of the row has");
            Must(lot.Points is > 0 and <= LoyaltyRules.MostPoints, $"lots[{i}].points", $"1 to {LoyaltyRules.MostPoints}");
            Must(lot.EarnedAt >= JoinedAt && lot.EarnedAt <= now, $"lots[{i}].earnedAt", "not before joinedAt and not in the future");
            Must(!(lot.ActiveFrom < lot.EarnedAt), $"lots[{i}].activeFrom", "not before earnedAt");
            Must(
                lot.ExpiresAt is not { } end || (end > (lot.ActiveFrom ?? lot.EarnedAt) && end < Expiry.Never),
                $"lots[{i}].expiresAt",
                "after earnedAt and activeFrom, or null for never"
            );
            Must(!(lot.ActiveFrom >= Expiry.Never), $"lots[{i}].activeFrom", "a date of this age");
        }
        seen.Clear();
        for (var i = 0; i < Past.Count; i++)
        {
            var entry = Past[i];
            Must(Reference().IsMatch(entry.Reference), $"history[{i}].reference", NoReference);
            Must(seen.Add(entry.Reference), $"history[{i}].reference", "a number that no other entry of the row has");
            Must(
                entry.Points is not 0 and >= -LoyaltyRules.MostPoints and <= LoyaltyRules.MostPoints
                    && (entry.Kind == PastKind.Adjusted || entry.Points > 0 == (entry.Kind == PastKind.Earned)),
                $"history[{i}].points",
                "more than 0 where earned, less where redeemed or expired, not 0 where adjusted"
            );
            Must(
                entry.OccurredAt >= JoinedAt && entry.OccurredAt <= now,
                $"history[{i}].occurredAt",
                "not before joinedAt and not in the future"
            );
            Must(
                entry.Note is null || Codes.IsCode(entry.Note),
                $"history[{i}].note",
                "a code of lower-case letters, digits and hyphens, at most 64"
            );
        }
        var (lots, history) = (Left.Sum(l => l.Points), Past.Sum(e => e.Points));
        Must(lots <= LoyaltyRules.MostPoints, "lots", $"at most {LoyaltyRules.MostPoints} points in all");
        if (Past.Count > 0 && history != lots)
            throw new RuleViolationException("history-differs", $"the history adds up to {history} points, the lots to {lots}", "history");
    }

    static void Must(bool holds, string field, string expected)
    {
        if (!holds)
            throw new RuleViolationException("invalid-row", $"'{field}' must be {expected}", field);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\z")]
    private static partial Regex Reference();
}
