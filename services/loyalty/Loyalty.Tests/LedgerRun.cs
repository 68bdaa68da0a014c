using System.Text.Json;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Imports;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.LedgerHistories;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>An account lives through a history.</summary>
sealed class LedgerRun(World world, bool tickEach, bool fromSnapshots = false, LoyaltyRules? rules = null)
{
    int next;

    public LoyaltyRules Rules { get; } = rules ?? LedgerHistories.SomeRules(world);
    public LoyaltyAccount Account { get; private set; } = LoyaltyAccount.Initial;
    public List<IAccountEvent> Facts { get; } = [];
    public DateTimeOffset Now { get; private set; } = Day(0);
    public bool LastAccepted { get; private set; }

    /// <summary>Chooses redemptions as that run does.</summary>
    public LedgerRun? Like { get; init; }

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
                    10 when Account.Purchases.Keys.Order().ElementAtOrDefault(step.Which) is var id && id != default => new UnlockPoints(
                        id,
                        "delivered"
                    ).Decide(Account, Rules, Now),
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
                ],
            Id(1)
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

    public IEnumerable<LedgerPrefix> Prefixes()
    {
        var p = new LedgerPrefix(LoyaltyAccount.Initial);
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
                ExpiryCorrected e => p with { Expired = p.Expired - e.Points },
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
                ExpiryCorrected e when e.OccurredAt <= at => e.Points,
                PointsReversed e when e.OccurredAt <= at => -e.Points,
                PointsAdjusted e when e.OccurredAt <= at => e.Points,
                PointsTransferredIn e when e.OccurredAt <= at => e.Points,
                PointsTransferredOut e when e.OccurredAt <= at => -e.Points,
                _ => 0,
            }
        );
}
