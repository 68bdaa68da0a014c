using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Writes facts onto an account one after the other: what decisions have in common.</summary>
public sealed class Ledger(LoyaltyAccount account, LoyaltyRules rules)
{
    readonly List<IAccountEvent> facts = [];

    public LoyaltyRules Rules => rules;
    public LoyaltyAccount Account { get; private set; } = account;

    /// <summary>The tier scheme that holds for the account.</summary>
    public TierScheme Scheme => rules.SchemeAt(Account.SchemeAsOf);
    public IAccountEvent[] Facts => [.. facts];

    public Ledger Note(IAccountEvent fact)
    {
        facts.Add(fact);
        Account = Account.Evolve(fact);
        return this;
    }

    public Ledger Open(DateTimeOffset at) => Account.IsOpen ? this : Note(new AccountOpened(rules.SchemeAt(at).Tiers[0].Name, at));

    /// <summary>
    /// Writes down what time has done, in its order and dated at its instants: tiers ended, points were unlocked, points expired.
    /// </summary>
    public Ledger Pass(DateTimeOffset now)
    {
        while (true)
        {
            var (tier, unlock, expiry) = (
                rules.NextTierDue(Account) ?? Expiry.Never,
                Account.Waiting.IsEmpty ? Expiry.Never : Account.Waiting[0].At,
                Account.Open.IsEmpty ? Expiry.Never : Account.Open[0].At
            );
            if (tier > now && unlock > now && expiry > now)
                return this;
            // A tier is judged by what came before.
            if (tier <= unlock && tier <= expiry)
                this.PassTier(tier);
            else if (unlock <= expiry)
                Unlock(Account.Lots[Account.Waiting[0].LotId], unlock);
            else
                Expire(Account.Lots[Account.Open[0].LotId], expiry);
        }
    }

    /// <summary>What was awarded for one occasion: a lot for each rule, and the tier that they make.</summary>
    public Ledger Award(Occasion occasion, int version, IReadOnlyList<Award> awards)
    {
        var byLines = false;
        foreach (var (rule, points, qualifying, by) in awards)
        {
            var multiplies = byLines && rule.Multiply is not null;
            var lines = rule.Multiply is null ? rule.When.Named(occasion.Lines ?? []) : null;
            byLines |= lines is not null;
            var from = rule.Hold switch
            {
                { Days: { } days } => rules.Business.StartOf(rules.Business.DayOf(occasion.At).AddDays(days)),
                { Until: { } until } when until > occasion.At => until,
                _ => (DateTimeOffset?)null,
            };
            var awaits = rule.Hold?.Action;
            var repaid = from is null && awaits is null ? Math.Min(points, Account.Debt) : 0;
            var purchase = occasion.On == Occasion.Purchase;
            Note(
                new PointsEarned(
                    LotId: Lot.IdOf(occasion.SourceId, rule.Name),
                    PurchaseId: purchase ? occasion.SourceId : null,
                    Points: points,
                    Repaid: repaid,
                    Net: occasion.Net,
                    RuleVersion: by ?? version,
                    ExpiresAt: awaits is null ? rule.Valid.Of(from ?? occasion.At, rules.Business) : Expiry.Never,
                    Balance: Account.Balance + points,
                    OccurredAt: occasion.At,
                    Rule: rule.Name,
                    Qualifying: qualifying == points ? null : qualifying,
                    ActiveFrom: from,
                    Awaits: awaits,
                    Lasts: awaits is null ? null : rule.Valid,
                    Slides: rule.Valid.Unit == ExpiryUnit.Inactivity ? rule.Valid.Count : null,
                    Reference: purchase ? null : occasion.SourceId,
                    Lines: lines,
                    Multiplies: multiplies ? true : null
                )
            );
        }
        if (awards.Count > 0)
            Touch(occasion.At).ReviewTier(occasion.At);
        return this;
    }

    /// <summary>A lot of the programme before this one.</summary>
    public Ledger Import(PointsImported fact) =>
        Note(
            fact with
            {
                Repaid = fact.ActiveFrom is null && fact.OccurredAt < fact.ExpiresAt ? Math.Min(fact.Points, Account.Debt) : 0,
                Balance = Account.Balance + fact.Points,
                Told = fact.Told is null ? null : Account.Told - fact.Points,
            }
        );

    /// <summary>Pending points can be spent from now on, and count for the tier; what a return has claimed of them does not.</summary>
    public Ledger Unlock(Lot lot, DateTimeOffset at)
    {
        var expires = lot.Lasts?.Of(at, rules.Business) ?? lot.ExpiresAt;
        Note(
            new PointsUnlocked(
                LotId: lot.Id,
                Points: lot.Remaining,
                Repaid: Math.Min(lot.Remaining, Account.Debt),
                Qualifying: lot.Qualifying - lot.QualifyingWorth(lot.Refunded),
                ExpiresAt: expires,
                Balance: Account.Balance,
                OccurredAt: at
            )
        );
        return this.ReviewTier(at);
    }

    public Ledger Expire(Lot lot, DateTimeOffset at) => Note(new PointsExpired(lot.Id, lot.Remaining, Account.Balance - lot.Remaining, at));

    /// <summary>Points that expired at their instant had been taken back before it.</summary>
    public Ledger CorrectExpiry(Lot lot, long points, Guid returnId) =>
        Note(new ExpiryCorrected(lot.Id, returnId, points, Account.Balance + points, lot.ExpiresAt));

    /// <summary>Earning and spending keep alive what expires by inactivity.</summary>
    public Ledger Touch(DateTimeOffset at)
    {
        if (Account.Slides is not { } months)
            return this;
        var expires = new Expiry { Count = months, Unit = ExpiryUnit.Inactivity }.Of(at, rules.Business);
        return Account.ByExpiry.Any(l => l.Slides is not null && l.ExpiresAt < expires) ? Note(new ExpiryMoved(expires, at)) : this;
    }

    /// <summary>Where settled lots are many, old ones leave the account's state; their facts stay in the log.</summary>
    public Ledger CloseBooks(DateTimeOffset at)
    {
        if (rules.BooksCloseAt(Account.Settled, at) is not { } before || before <= Account.BooksClosedBefore)
            return this;
        return Account.Lots.Values.Any(l => l.IsSettled && l.EarnedAt < before) ? Note(new BooksClosed(before, at)) : this;
    }
}
