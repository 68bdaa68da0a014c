using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.LedgerHistories;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Any history of purchases, returns, redemptions, cancellations, transfers and clock ticks, under either return policy.</summary>
public class LedgerProperties
{
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
    public void a_tier_for_life_is_never_below_what_the_points_make() =>
        Check(
            (run, world) =>
                !run.Account.IsOpen
                || world.Window != TierWindow.Lifetime
                || run.Account.Assigned is not null
                || run.Rules.SchemeAt(run.Now) is var scheme
                    && scheme.Rank(run.Account.Tier) >= scheme.Rank(scheme.For(run.Account.QualifyingPoints).Name)
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
                    var (often, never) = (new LedgerRun(history.World, tickEach: true), new LedgerRun(history.World, tickEach: false));
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
                        new LedgerRun(history.World, tickEach: false),
                        new LedgerRun(history.World, tickEach: false, fromSnapshots: true)
                    );
                    foreach (var step in history.Steps)
                        (folded.Do(step), loaded.Do(step)).ShouldBe((folded.LastAccepted, folded.LastAccepted));
                    return JsonSerializer.Serialize<object[]>([.. loaded.Facts], EventStoreOptions.Json)
                        == JsonSerializer.Serialize<object[]>([.. folded.Facts], EventStoreOptions.Json);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    static IEnumerable<IAccountEvent> TierFacts(LedgerRun run) =>
        run.Facts.Where(f => f is TierChanged or TierKept or TierGraceBegun or TierAssigned or TierReleased);

    static string Text(IEnumerable<IAccountEvent> facts) => JsonSerializer.Serialize<object[]>([.. facts], EventStoreOptions.Json);

    [Fact]
    public void a_wholly_returned_purchase_leaves_the_account_as_it_was() =>
        Prop.ForAll(
                histories,
                Gen.Choose(1, 90_000).ToArbitrary(),
                (history, cents) =>
                {
                    var run = new LedgerRun(history.World, tickEach: true);
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

    static void Check(Func<LedgerRun, World, bool> holds) =>
        Prop.ForAll(
                histories,
                history =>
                {
                    var run = new LedgerRun(history.World, tickEach: false);
                    foreach (var step in history.Steps)
                        run.Do(step);
                    return holds(run, history.World);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
}
