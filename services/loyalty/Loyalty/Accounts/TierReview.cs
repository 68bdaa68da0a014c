using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Why a tier changed: the codes that <see cref="TierChanged.Reason"/> and the published contract carry.</summary>
public static class TierReasons
{
    public const string Qualified = "qualified",
        Review = "review",
        Return = "return",
        Manual = "manual",
        ManualEnded = "manual-ended",
        Scheme = "scheme";
}

/// <summary>
/// What becomes of a tier. Up at once, when points are earned or unlocked; down only at its expiry, after grace, or when a return takes
/// away what it was reached with. A tier that somebody gave stands apart until it is lifted. Everything is dated at its own instant,
/// however late it is decided.
/// </summary>
public static class TierReview
{
    static readonly TimeSpan tick = TimeSpan.FromTicks(1);

    /// <summary>When time alone does something to an account's tier.</summary>
    public static DateTimeOffset? NextTierDue(this LoyaltyRules rules, LoyaltyAccount account)
    {
        if (!account.IsOpen)
            return null;
        var own = account.Assigned is { } assigned ? assigned.Until : account.GraceUntil ?? account.TierExpiresAt;
        var scheme = rules.SchemeAfter(account.SchemeAsOf)?.EffectiveFrom;
        return own is null || scheme < own ? scheme : own;
    }

    /// <summary>Does what was due at an instant.</summary>
    public static void PassTier(this Ledger ledger, DateTimeOffset due)
    {
        var account = ledger.Account;
        if (ledger.Rules.SchemeAfter(account.SchemeAsOf) is { } scheme && scheme.EffectiveFrom <= due)
            Apply(ledger, scheme);
        else if (account.Assigned is not null)
            ledger.Note(new TierReleased(null, null, due)).Settle(due, TierReasons.ManualEnded);
        else
            Expire(ledger, due);
    }

    /// <summary>After something was earned or unlocked: up at once, or requalified in the days of grace.</summary>
    public static Ledger ReviewTier(this Ledger ledger, DateTimeOffset at)
    {
        var (account, scheme, business) = (ledger.Account, ledger.Scheme, ledger.Rules.Business);
        if (account.Assigned is not null)
            return ledger;
        // For life a tier only rises here: what a return took away has lowered it already, by one.
        if (!scheme.Expires)
            return scheme.Rank(scheme.For(account.QualifyingPoints).Name) > scheme.Rank(account.Tier)
                ? ledger.Settle(at, TierReasons.Qualified)
                : ledger;
        // What is told late counts by its own date, and does something now.
        var when = new[] { at, account.TierSince, account.LastQualifiedAt }.Max();
        var (points, rank) = (scheme.Points(account, when, business), scheme.Rank(account.Tier));
        if (scheme.Rank(scheme.For(points).Name) > rank)
            return ledger.Settle(when, TierReasons.Qualified);
        if (account.GraceUntil is null || account.TierExpiresAt is not { } expired)
            return ledger;
        var from = scheme.From(account, expired - tick, business);
        points = account.QualifiedIn(from, when);
        return points < scheme.Tiers[rank].From
            ? ledger
            : ledger.Note(new TierKept(account.Tier!, points, scheme.ExpiryOf(rank, account, expired - tick, business)!.Value, from, when));
    }

    /// <summary>
    /// After a return: a tier whose cause is gone falls by one, unless the points of the present window make it anyway. The cause of a tier
    /// for life is all points: it falls by one with each return that takes some away.
    /// </summary>
    public static Ledger RecheckTier(this Ledger ledger, DateTimeOffset at)
    {
        var (account, scheme) = (ledger.Account, ledger.Scheme);
        if (account.Assigned is not null)
            return ledger;
        var rank = scheme.Rank(account.Tier);
        var when = scheme.Expires ? new[] { at, account.TierSince, account.LastQualifiedAt }.Max() : at;
        if (!scheme.RecheckOnReturn || rank <= 0 || !ledger.LacksCause(scheme, rank))
            return ledger;
        var points = scheme.Points(account, when, ledger.Rules.Business);
        if (points >= scheme.Tiers[rank].From)
            return ledger;
        return ledger.Note(
            new TierChanged(
                account.Tier!,
                scheme.Tiers[rank - 1].Name,
                points,
                when,
                TierReasons.Return,
                rank == 1 ? null : account.TierExpiresAt
            )
        );
    }

    static bool LacksCause(this Ledger ledger, TierScheme scheme, int rank) =>
        scheme.Expires
            ? ledger.Account.TierCause is { } cause && ledger.Account.QualifiedIn(cause.From, cause.To) < scheme.Tiers[rank].From
            : ledger.Facts.OfType<PointsReversed>().Any(r => r.Qualifying > 0);

    /// <summary>The tier that the points make at an instant, up or down.</summary>
    public static Ledger Settle(this Ledger ledger, DateTimeOffset at, string reason)
    {
        var (account, scheme, business) = (ledger.Account, ledger.Scheme, ledger.Rules.Business);
        var points = scheme.Points(account, at, business);
        var tier = scheme.For(points).Name;
        var expires = scheme.ExpiryOf(scheme.Rank(tier), account, at, business);
        var from = scheme.Expires ? scheme.From(account, at, business) : (DateTimeOffset?)null;
        return tier != account.Tier
                ? ledger.Note(
                    new TierChanged(
                        From: account.Tier!,
                        To: tier,
                        QualifyingPoints: points,
                        OccurredAt: at,
                        Reason: reason,
                        ExpiresAt: expires,
                        CountedFrom: from
                    )
                )
            : expires is { } until && until != account.TierExpiresAt ? ledger.Note(new TierKept(tier, points, until, from!.Value, at))
            : ledger;
    }

    /// <summary>
    /// A tier has come to its end, or its days of grace have: kept, grace, or down. The points of the window that ends then decide.
    /// </summary>
    static void Expire(Ledger ledger, DateTimeOffset due)
    {
        var (account, scheme, business) = (ledger.Account, ledger.Scheme, ledger.Rules.Business);
        var expired = account.TierExpiresAt!.Value;
        var (from, rank) = (scheme.From(account, expired - tick, business), scheme.Rank(account.Tier));
        var points = account.QualifiedIn(from, due - tick);
        var made = scheme.Rank(scheme.For(points).Name);
        if (made == rank)
            ledger.Note(new TierKept(account.Tier!, points, scheme.ExpiryOf(rank, account, expired - tick, business)!.Value, from, due));
        else if (made < rank && scheme.GraceDays > 0 && account.GraceUntil is null)
            ledger.Note(new TierGraceBegun(account.Tier!, points, business.StartOf(business.DayOf(due).AddDays(scheme.GraceDays)), due));
        else
        {
            var to =
                made > rank
                    ? made
                    : scheme.AtExpiry switch
                    {
                        TierFall.OneDown => Math.Max(made, rank - 1),
                        TierFall.ByPoints => made,
                        _ => 0,
                    };
            ledger.Note(
                new TierChanged(
                    From: account.Tier!,
                    To: scheme.Tiers[to].Name,
                    QualifyingPoints: points,
                    OccurredAt: due,
                    Reason: TierReasons.Review,
                    ExpiresAt: scheme.ExpiryOf(to, account, due - tick, business),
                    CountedFrom: from
                )
            );
        }
    }

    /// <summary>
    /// Another version of the tiers takes effect: nobody falls at once who has a tier that is still there, and who has the points for more
    /// rises.
    /// </summary>
    static void Apply(Ledger ledger, TierScheme scheme)
    {
        var (account, at, business) = (ledger.Account, scheme.EffectiveFrom, ledger.Rules.Business);
        var rank = scheme.Rank(account.Tier);
        var (points, from) = (scheme.Points(account, at, business), scheme.From(account, at, business));
        var made = scheme.Rank(scheme.For(points).Name);
        ledger.Note(new SchemeApplied(scheme.Version, at));
        if (account.Assigned is not null && rank >= 0)
            return;
        if (account.Assigned is not null)
            ledger.Note(new TierReleased(null, null, at));
        var to = Math.Max(rank, made);
        var expires = scheme.ExpiryOf(to, account, at, business);
        if (to != rank)
            ledger.Note(
                new TierChanged(
                    From: account.Tier!,
                    To: scheme.Tiers[to].Name,
                    QualifyingPoints: points,
                    OccurredAt: at,
                    Reason: TierReasons.Scheme,
                    ExpiresAt: expires,
                    CountedFrom: scheme.Expires ? from : null
                )
            );
        else if (expires != account.TierExpiresAt)
            ledger.Note(new TierRescheduled(account.Tier!, expires, at));
    }
}
