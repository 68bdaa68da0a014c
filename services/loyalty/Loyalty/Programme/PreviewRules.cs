using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>What would be, had other rules or tiers been in force: over the whole history, or for what happened in a period.</summary>
/// <param name="Rules">The draft; none: the real rules stay.</param>
/// <param name="Scheme">The draft's tiers, from the beginning on; none: the real ones stay.</param>
/// <param name="From">The draft replaces the real rules for what happened from here on; left out: from ever.</param>
/// <param name="Until">The period ends just before here; left out: never.</param>
public sealed record PreviewRules(
    EarningRule[]? Rules = null,
    TierScheme? Scheme = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null
)
{
    const int AtOnce = 200,
        ShownMovers = 100;

    /// <exception cref="RuleViolationException"><c>invalid-rules</c>: the draft contradicts itself.</exception>
    public LoyaltyRules Draft(LoyaltyRules real)
    {
        if (Rules is null && Scheme is null)
            throw new RuleViolationException("nothing-to-preview", "rules, a scheme, or both", "rules");
        if (From >= Until)
            throw new RuleViolationException("invalid-rules", "from is before until", "from");
        var draft = real.Copy(Scheme);
        if (Rules is not null)
        {
            var (from, sets) = (From?.ToUniversalTime() ?? DateTimeOffset.MinValue, real.All.ToList());
            draft.Rules.Clear();
            // Before the period and after it the real versions hold.
            foreach (var set in sets.Where(s => s.EffectiveFrom < from || s.EffectiveFrom > Until))
                draft.Rules.Add(set);
            draft.Rules.Add(
                new()
                {
                    Version = sets.Max(s => s.Version) + 1,
                    EffectiveFrom = from,
                    Rules = Rules,
                }
            );
            if (Until is { } until && real.RuleAt(until) is { } after)
                draft.Rules.Add(after with { EffectiveFrom = until, Version = sets.Max(s => s.Version) + 2 });
        }
        return draft.Fault() is { } fault ? throw new RuleViolationException("invalid-rules", fault, "rules") : draft;
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "rules/preview",
                "What other rules would have done",
                "loyalty.rules.preview",
                async (
                    PreviewRules command,
                    EventStore store,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var (draft, now, preview) = (command.Draft(rules), clock.GetUtcNow(), new Preview());
                    var after = Guid.Empty;
                    while (true)
                    {
                        var ids = await db.Query<Guid>(
                            "select customer_id from ledger_account where customer_id > @after order by customer_id limit @AtOnce",
                            new { after, AtOnce },
                            ct
                        );
                        if (ids.Count == 0)
                            return preview.Result(rules, now);
                        foreach (var id in ids)
                        {
                            var facts = (await store.FetchStream(id, ct: ct)).Select(e => e.Data).OfType<IAccountEvent>().ToList();
                            var real = new WhatIf.Life();
                            real.Do(_ => [.. facts]);
                            real.Do(account => account.IsOpen ? PassTime.Decide(account, rules, now) : []);
                            preview.Add(id, real, WhatIf.Relive(facts, draft, now));
                        }
                        after = ids[^1];
                    }
                }
            )
            .Produces<PreviewShown>()
            .AtOnce(2)
            .Refuses("nothing-to-preview", "invalid-rules");

    sealed class Preview
    {
        readonly Dictionary<(string From, string To), long> moves = [];
        readonly List<MoverShown> movers = [];
        Totals real = new(),
            draft = new();
        long accounts;

        public void Add(Guid id, WhatIf.Life was, WhatIf.Life would)
        {
            accounts++;
            (real, draft) = (real.With(was), draft.With(would));
            var move = (was.Account.Tier ?? "", would.Account.Tier ?? "");
            moves[move] = moves.GetValueOrDefault(move) + 1;
            if ((move.Item1 != move.Item2 || was.Account.Balance != would.Account.Balance) && movers.Count < ShownMovers)
                movers.Add(new(id, move.Item1, move.Item2, was.Account.Balance, would.Account.Balance));
        }

        public PreviewShown Result(LoyaltyRules rules, DateTimeOffset now) =>
            new(
                now,
                accounts,
                real.Shown(rules),
                draft.Shown(rules),
                [.. moves.OrderBy(m => m.Key).Select(m => new MoveShown(m.Key.From, m.Key.To, m.Value))],
                movers
            );
    }

    sealed record Totals(long Issued = 0, long Expired = 0, long Liability = 0, long Refused = 0)
    {
        public Totals With(WhatIf.Life life) =>
            new(Issued + life.Issued, Expired + life.Expired, Liability + life.Account.Balance, Refused + life.Refused);

        public TotalsShown Shown(LoyaltyRules rules) =>
            new(Issued, Expired, Liability, Liability * rules.PointValue, Issued * rules.PointValue, Refused);
    }
}

/// <summary>Points in total.</summary>
/// <param name="Issued">Points that were given.</param>
/// <param name="Expired">Points that expired.</param>
/// <param name="Liability">Points that are on the accounts, pending ones included.</param>
/// <param name="LiabilityValue">The same in the base currency, at <c>PointValue</c>.</param>
/// <param name="Cost">What was issued, in the base currency.</param>
/// <param name="Refused">Redemptions, transfers and corrections that really happened, and that the points would not suffice for.</param>
public sealed record TotalsShown(long Issued, long Expired, long Liability, decimal LiabilityValue, decimal Cost, long Refused);

/// <summary>How many accounts go from a tier to a tier.</summary>
/// <param name="From">The tier that they have.</param>
/// <param name="To">The tier that they would have.</param>
/// <param name="Accounts">How many accounts.</param>
public sealed record MoveShown(string From, string To, long Accounts);

/// <summary>An account whose tier or balance would differ.</summary>
/// <param name="FromTier">The tier that it has.</param>
/// <param name="ToTier">The tier that it would have.</param>
/// <param name="FromBalance">The balance that it has.</param>
/// <param name="ToBalance">The balance that it would have.</param>
public sealed record MoverShown(Guid CustomerId, string FromTier, string ToTier, long FromBalance, long ToBalance);

/// <summary>What other rules would have done.</summary>
/// <param name="AsOf">The instant for which this holds.</param>
/// <param name="Accounts">How many accounts were computed again.</param>
/// <param name="Real">What really happened.</param>
/// <param name="Draft">What would have happened.</param>
/// <param name="Tiers">How many accounts have which tier, and would have which.</param>
/// <param name="Movers">The first 100 accounts, by id, whose tier or balance would differ.</param>
public sealed record PreviewShown(
    DateTimeOffset AsOf,
    long Accounts,
    TotalsShown Real,
    TotalsShown Draft,
    IReadOnlyList<MoveShown> Tiers,
    IReadOnlyList<MoverShown> Movers
);
