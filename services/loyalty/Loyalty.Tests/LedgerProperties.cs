using System.Text.Json;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Imports;
using CrmPlatform.Loyalty.Programme;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Any history of purchases, returns, redemptions, cancellations, transfers and clock ticks, under either return policy.</summary>
public class LedgerProperties
{
    public sealed record Step(int Kind, int Which, int Amount, int Hours)
    {
        public override string ToString() => $"{Kind}/{Which}/{Amount}/+{Hours}h";
    }

    static readonly Gen<Step[]> steps = (
        from kind in Gen.Choose(0, 17)
        from which in Gen.Choose(0, 5)
        from amount in Gen.Choose(0, 40_000)
        from hours in Gen.Choose(0, 24 * 12)
        select new Step(kind, which, amount, hours)
    ).ArrayOf();

    /// <summary>By what accounts live.</summary>
    public sealed record World(ReturnPolicy Policy, TierWindow Window, int GraceDays);

    static readonly Arbitrary<(Step[] Steps, World World)> histories = (
        from s in steps
        from policy in Gen.Elements(Enum.GetValues<ReturnPolicy>())
        from window in Gen.Elements(Enum.GetValues<TierWindow>())
        from grace in Gen.Elements(0, 5, 20)
        select (s, new World(policy, window, grace))
    ).ToArbitrary();

    static TierScheme Scheme(World world) =>
        new()
        {
            Window = world.Window,
            Months = 1,
            GraceDays = world.GraceDays,
            AtExpiry = (TierFall)(world.GraceDays % 3),
            Tiers = FourTiers,
        };

    // A short validity, so that histories of some months see points expire; points that wait, for days and for a delivery; points that live
    // by activity.
    static LoyaltyRules SomeRules(World world)
    {
        var rules = Given.Rules(world.Policy);
        rules.Schemes[0] = Scheme(world);
        rules.Rules.Clear();
        rules.Rules.Add(
            Set(
                1,
                Day(-10_000),
                new()
                {
                    Name = "base",
                    PerUnit = 1,
                    Valid = new() { Count = 2 },
                },
                new()
                {
                    Name = "later",
                    PerUnit = 0.3m,
                    Qualifying = 0.5m,
                    Hold = new() { Days = 9 },
                    Valid = new() { Count = 0, Round = ExpiryRound.Quarter },
                    When = new() { MinNet = 50 },
                },
                new()
                {
                    Name = "delivered",
                    PerUnit = 0.5m,
                    Qualifying = 2,
                    Hold = new() { Action = "delivered" },
                    Valid = new() { Count = 20, Unit = ExpiryUnit.Days },
                },
                new()
                {
                    Name = "loyal",
                    Multiply = 1.5m,
                    When = new() { Tiers = ["Silver"] },
                    Valid = new() { Count = 1, Unit = ExpiryUnit.Inactivity },
                }
            )
        );
        return rules;
    }

    [Fact]
    public void the_ledger_adds_up_after_every_fact() =>
        Check(
            (run, world) =>
                run.Prefixes()
                    .All(p =>
                        p.Account.Balance == p.Account.Lots.Values.Sum(l => l.Remaining) - p.Account.Debt
                        && p.Account.Balance == p.Sum
                        && p.Account.Lots.Values.All(l =>
                            l.Remaining >= 0 && l.Remaining <= l.Earned && l.Expired <= l.Earned && l.TakenBack <= l.Earned
                        )
                        && p.Account.Lots.Values.Where(l => l.Remaining > 0 && !l.IsPending)
                            .Select(l => l.Id)
                            .Order()
                            .SequenceEqual(p.Account.Open.Select(o => o.LotId).Order())
                        && p.Account.Settled == p.Account.Lots.Values.Count(l => l.IsSettled)
                        && p.Account.Debt >= 0
                        && (world.Policy == ReturnPolicy.Unlimited || p is { Account: { Balance: >= 0, Debt: 0 } })
                        && p.Account.QualifyingPoints >= 0
                        && p.Account.QualifyingPoints == p.Account.Qualified.Values.Sum()
                        && p.Account.Qualified.Values.All(points => points > 0)
                    )
        );

    [Fact]
    public void every_fact_carries_the_balance_after_it() =>
        Check(
            (run, _) =>
                run
                    .Facts.Zip(run.Prefixes())
                    .All(x =>
                        x.First switch
                        {
                            PointsImported e => e.Balance == x.Second.Account.Lots.Values.Sum(l => l.Remaining) - x.Second.Account.Debt,
                            PointsEarned e => e.Balance == x.Second.Account.Lots.Values.Sum(l => l.Remaining) - x.Second.Account.Debt,
                            PointsRedeemed e => e.Balance == x.Second.Sum && e.From.Sum(a => a.Points) == e.Points,
                            RedemptionCancelled e => e.Balance == x.Second.Sum && e.To.Sum(a => a.Points) + e.Repaid == e.Points,
                            PointsTransferredOut e => e.Balance == x.Second.Sum && e.From.Sum(a => a.Points) == e.Points,
                            PointsTransferredIn e => e.Balance == x.Second.Sum && e.Lots.Sum(l => l.Remaining) + e.Repaid == e.Points,
                            PointsReversed e => e.From.Sum(a => a.Points) + e.Owed == e.Points,
                            _ => true,
                        }
                    )
        );

    [Fact]
    public void the_tier_follows_the_qualifying_points() =>
        Check(
            (run, world) =>
                !run.Account.IsOpen
                || world.Window != TierWindow.Lifetime
                || run.Account.Assigned is not null
                || run.Account.Tier == run.Rules.SchemeAt(run.Now).For(run.Account.QualifyingPoints).Name
        );

    [Fact]
    public void where_tiers_end_each_above_the_first_was_given_or_has_an_end() =>
        Check(
            (run, world) =>
                world.Window == TierWindow.Lifetime
                || run.Account is { Tier: null or "Bronze" } or { Assigned: not null } or { TierExpiresAt: not null }
        );

    [Fact]
    public void how_often_the_expiry_clock_comes_by_makes_no_difference() =>
        Prop.ForAll(
                histories,
                history =>
                {
                    var (often, never) = (new Run(history.World, tickEach: true), new Run(history.World, tickEach: false));
                    foreach (var step in history.Steps.Where(s => s.Kind != 9))
                        (often.Do(step), never.Do(step)).ShouldBe((never.LastAccepted, never.LastAccepted));
                    (often.Now, never.Now).ShouldBe((never.Now, never.Now));
                    foreach (var run in new[] { often, never })
                        run.Tick();
                    return TierFacts(often).SequenceEqual(TierFacts(never))
                        && often.Account.Balance == never.Account.Balance
                        && often.Account.Debt == never.Account.Debt
                        && Enumerable
                            .Range(0, 60)
                            .All(month => often.BalanceAsOf(Day(0).AddMonths(month)) == never.BalanceAsOf(Day(0).AddMonths(month)))
                        && often.Account.Lots.Values.OrderBy(l => l.Id).SequenceEqual(never.Account.Lots.Values.OrderBy(l => l.Id));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void an_account_that_is_loaded_from_a_snapshot_decides_as_one_that_is_folded() =>
        Prop.ForAll(
                histories,
                history =>
                {
                    var (folded, loaded) = (
                        new Run(history.World, tickEach: false),
                        new Run(history.World, tickEach: false, fromSnapshots: true)
                    );
                    foreach (var step in history.Steps)
                        (folded.Do(step), loaded.Do(step)).ShouldBe((folded.LastAccepted, folded.LastAccepted));
                    return JsonSerializer.Serialize<object[]>([.. loaded.Facts], EventStoreOptions.Json)
                        == JsonSerializer.Serialize<object[]>([.. folded.Facts], EventStoreOptions.Json);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void a_life_relived_by_its_own_rules_is_the_same_fact_by_fact() =>
        Check((run, world) => Text(WhatIf.Relive(run.Facts, run.Rules, DateTimeOffset.MinValue).Facts) == Text(run.Facts));

    [Fact]
    public void a_preview_of_other_rules_is_what_they_do_when_they_are_in_force() =>
        Prop.ForAll(
                histories,
                history =>
                {
                    // What the real rules accepted is what happened; the same happens to an account that lives by the draft.
                    var real = new Run(history.World, tickEach: false);
                    var draft = new Run(history.World, tickEach: false, rules: Draft(history.World)) { Like = real };
                    var refused = 0;
                    foreach (var step in history.Steps)
                    {
                        var before = real.Facts.Count;
                        real.Do(step);
                        var accepted = real.Facts.Count > before;
                        if (!draft.Do(step, wait: !accepted) && accepted)
                            refused++;
                    }
                    foreach (var run in new[] { real, draft })
                        run.Tick();
                    var preview = WhatIf.Relive(real.Facts, draft.Rules, real.Now);
                    return preview.Refused == refused
                        && preview.Account.Balance == draft.Account.Balance
                        && preview.Account.Tier == draft.Account.Tier
                        && preview.Account.QualifyingPoints == draft.Account.QualifyingPoints
                        && preview.Account.Debt == draft.Account.Debt
                        && preview.Account.Lots.Values.OrderBy(l => l.Id).SequenceEqual(draft.Account.Lots.Values.OrderBy(l => l.Id));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    static LoyaltyRules Draft(World world)
    {
        var rules = SomeRules(world)
            .Copy(
                Scheme(world) with
                {
                    Window = (TierWindow)(((int)world.Window + 1) % 5),
                    Tiers = [new() { Name = "Bronze" }, new() { Name = "Silver", From = 300 }, new() { Name = "Gold", From = 900 }],
                }
            );
        rules.Rules.Add(
            Set(
                2,
                Day(20),
                new()
                {
                    Name = "base",
                    PerUnit = 1.7m,
                    Valid = new() { Count = 0, Round = ExpiryRound.Month },
                },
                new()
                {
                    Name = "delivered",
                    PerUnit = 0.5m,
                    Hold = new() { Action = "delivered" },
                },
                new()
                {
                    Name = "welcome",
                    Points = 100,
                    When = new() { FirstPurchase = true },
                }
            )
        );
        return rules;
    }

    static IEnumerable<IAccountEvent> TierFacts(Run run) =>
        run.Facts.Where(f => f is TierChanged or TierKept or TierGraceBegun or TierAssigned or TierReleased);

    static string Text(IEnumerable<IAccountEvent> facts) => JsonSerializer.Serialize<object[]>([.. facts], EventStoreOptions.Json);

    [Fact]
    public void a_wholly_returned_purchase_leaves_the_account_as_it_was() =>
        Prop.ForAll(
                histories,
                Gen.Choose(1, 90_000).ToArbitrary(),
                (history, cents) =>
                {
                    var run = new Run(history.World, tickEach: true);
                    foreach (var step in history.Steps)
                        run.Do(step);
                    run.Tick();
                    // A debt is repaid by the new points and comes back with the return: net zero, but through other lots.
                    var before = run.Account;
                    run.Append(new EarnPoints(Id(1000), cents / 100m, run.Now).Decide(run.Account, run.Rules));
                    foreach (var part in new[] { cents / 3, cents / 5, cents })
                        run.Append(new ReversePoints(Id(1001), Id(1000), part / 100m, run.Now).Decide(run.Account, run.Rules));
                    // Where only pending points are taken back, those that could be spent stay.
                    return (
                            history.World.Policy == ReturnPolicy.OnlyPending
                                ? run.Account.Balance >= before.Balance
                                : run.Account.Balance == before.Balance
                        )
                        && run.Account.QualifyingPoints == before.QualifyingPoints
                        && run.Account.Debt == before.Debt
                        && (run.Account.Tier == before.Tier || !before.IsOpen || history.World.Window != TierWindow.Lifetime);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    static void Check(Func<Run, World, bool> holds) =>
        Prop.ForAll(
                histories,
                history =>
                {
                    var run = new Run(history.World, tickEach: false);
                    foreach (var step in history.Steps)
                        run.Do(step);
                    return holds(run, history.World);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    sealed record Prefix(
        LoyaltyAccount Account,
        long Earned = 0,
        long Redeemed = 0,
        long Expired = 0,
        long Reversed = 0,
        long In = 0,
        long Out = 0
    )
    {
        public long Sum => Earned + In - Out - Redeemed - Expired - Reversed;
    }

    sealed class Run(World world, bool tickEach, bool fromSnapshots = false, LoyaltyRules? rules = null)
    {
        int next;

        public LoyaltyRules Rules { get; } = rules ?? SomeRules(world);
        public LoyaltyAccount Account { get; private set; } = LoyaltyAccount.Initial;
        public List<IAccountEvent> Facts { get; } = [];
        public DateTimeOffset Now { get; private set; } = Day(0);
        public bool LastAccepted { get; private set; }

        /// <summary>Chooses redemptions as that run does.</summary>
        public Run? Like { get; init; }

        /// <param name="wait">Only time passes.</param>
        public bool Do(Step step, bool wait = false)
        {
            Now = Now.AddHours(step.Hours);
            if (tickEach)
                Tick();
            next++;
            LastAccepted = true;
            if (wait)
                return true;
            try
            {
                Append(
                    step.Kind switch
                    {
                        <= 3 => new EarnPoints(Id(next % 40), step.Amount / 100m, Now).Decide(Account, Rules),
                        4 or 5 => new ReversePoints(Id(next), Id(Math.Max(0, next % 40 - step.Which)), step.Amount / 200m, Now).Decide(
                            Account,
                            Rules
                        ),
                        6 or 7 => new RedeemPoints(step.Amount / 100 + 1, "x").Decide(Account, Rules, Id(500 + next), Now),
                        8
                            when (Like ?? this).Account.Redemptions.Keys.Order().ElementAtOrDefault(step.Which) is var id
                                && Account.Redemptions.ContainsKey(id) => new CancelRedemption(id).Decide(Account, Rules, Now),
                        9 => PassTime.Decide(Account, Rules, Now),
                        10 when Account.Purchases.Keys.Order().ElementAtOrDefault(step.Which) is var id && id != default =>
                            new UnlockPoints(id, "delivered").Decide(Account, Rules, Now),
                        11 => new AdjustPoints(step.Amount / 100 - 200, "x").Decide(Opened(), Rules, Id(700 + next), "tester", Now),
                        12 when Account.IsOpen => new AssignTier(
                            FourTiers[step.Which % 3].Name,
                            "x",
                            step.Amount % 2 == 0 ? null : Now.AddDays(step.Amount % 50 + 1)
                        ).Decide(Account, Rules, "tester", Now),
                        13 when Account.IsOpen => new ReleaseTier("x").Decide(Account, Rules, "tester", Now),
                        // Of a row whose lots may be pending, or have expired since it was written.
                        14 => Member(step).Decide(Account, Rules, "import", Now),
                        15 or 16 => TransferPoints.Out(
                            Account,
                            Rules,
                            Id(900 + next),
                            Id(1),
                            step.Amount / 200 + 1,
                            Now.AddDays(-step.Which),
                            Now
                        ),
                        17 => TransferPoints.In(
                            Opened(),
                            Rules,
                            Id(900 + next),
                            Id(1),
                            [
                                .. Enumerable
                                    .Range(1, step.Which)
                                    .Select(i => new TransferredLot(
                                        Id(10_000 + next * 10 + i),
                                        step.Amount / 100 + i,
                                        0,
                                        Now.AddDays(-i),
                                        Now.AddDays(i * 11)
                                    )),
                            ],
                            Now
                        ),
                        _ => [],
                    }
                );
            }
            catch (RuleViolationException)
            {
                LastAccepted = false;
            }
            return LastAccepted;
        }

        ImportMember Member(Step step) =>
            new(
                Id(1),
                Day(-100),
                step.Amount / 100,
                null,
                [
                    new("a", step.Amount + 1, Day(-90), Now.AddDays(step.Which * 20 - 10)),
                    new("b", 100, Day(-80), null, Now.AddDays(step.Which * 10 - 20)),
                ],
                step.Which > 2
                    ? null
                    :
                    [
                        new("1", PastKind.Earned, step.Amount + 200, Day(-95)),
                        new("2", PastKind.Redeemed, -70, Day(-50)),
                        new("3", PastKind.Expired, -29, Day(-20)),
                    ]
            );

        LoyaltyAccount Opened() => Account.IsOpen ? Account : throw new RuleViolationException("no-account", "none");

        public void Tick() => Append(PassTime.Decide(Account, Rules, Now));

        public void Append(IAccountEvent[] events)
        {
            Facts.AddRange(events);
            Account = Account.After(events);
            if (fromSnapshots)
                Account = JsonSerializer.Deserialize<LoyaltyAccount>(
                    JsonSerializer.SerializeToUtf8Bytes(Account, EventStoreOptions.Json),
                    EventStoreOptions.Json
                )!;
        }

        public IEnumerable<Prefix> Prefixes()
        {
            var p = new Prefix(LoyaltyAccount.Initial);
            foreach (var fact in Facts)
            {
                p = p with { Account = p.Account.Evolve(fact) };
                p = fact switch
                {
                    PointsEarned e => p with { Earned = p.Earned + e.Points },
                    PointsImported e => p with { Earned = p.Earned + e.Points },
                    PointsRedeemed e => p with { Redeemed = p.Redeemed + e.Points },
                    RedemptionCancelled e => p with { Redeemed = p.Redeemed - e.Points },
                    PointsExpired e => p with { Expired = p.Expired + e.Points },
                    PointsReversed e => p with { Reversed = p.Reversed + e.Points },
                    PointsTransferredIn e => p with { In = p.In + e.Points },
                    PointsTransferredOut e => p with { Out = p.Out + e.Points },
                    PointsAdjusted { Points: > 0 } e => p with { Earned = p.Earned + e.Points },
                    PointsAdjusted e => p with { Reversed = p.Reversed - e.Points },
                    _ => p,
                };
                yield return p;
            }
        }

        public long BalanceAsOf(DateTimeOffset at) =>
            Facts.Sum(f =>
                f switch
                {
                    PointsEarned e when e.OccurredAt <= at => e.Points,
                    PointsImported e when e.OccurredAt <= at => e.Points,
                    PointsRedeemed e when e.OccurredAt <= at => -e.Points,
                    RedemptionCancelled e when e.OccurredAt <= at => e.Points,
                    PointsExpired e when e.OccurredAt <= at => -e.Points,
                    PointsReversed e when e.OccurredAt <= at => -e.Points,
                    PointsAdjusted e when e.OccurredAt <= at => e.Points,
                    PointsTransferredIn e when e.OccurredAt <= at => e.Points,
                    PointsTransferredOut e when e.OccurredAt <= at => -e.Points,
                    _ => 0,
                }
            );
    }
}
