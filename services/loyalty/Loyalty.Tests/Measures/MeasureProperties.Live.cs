using System.Globalization;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Imports;
using CrmPlatform.Loyalty.Tests.Households;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Measures;

/// <summary>How a history is lived.</summary>
public partial class MeasureProperties
{
    sealed class Life
    {
        public Guid Customer { get; } = Guid.CreateVersion7();
        public Guid Activity { get; } = Guid.CreateVersion7();
        public List<Guid> Purchases { get; } = [];
        public List<Guid> Redemptions { get; } = [];
    }

    /// <summary>
    /// The lives of a few members of one household, step by step as their times come. What is told late is dated days before what was
    /// already told.
    /// </summary>
    async Task Live(Step[][] members)
    {
        var lives = members.Select(_ => new Life()).ToList();
        var script = members
            .SelectMany(
                (steps, who) =>
                {
                    var now = start;
                    return steps
                        .Take(60)
                        .Select(
                            (step, n) =>
                                (
                                    Life: lives[who],
                                    Other: lives[(who + 1 + step.Which % (lives.Count - 1)) % lives.Count],
                                    Step: step,
                                    N: n,
                                    Now: now = now.AddHours(step.Hours).AddMilliseconds(step.Amount)
                                )
                        )
                        .ToList();
                }
            )
            .OrderBy(s => s.Now)
            .ToList();
        foreach (var (life, other, step, n, now) in script)
        {
            var at = now.AddDays(-step.Late);
            var id = NameId.For(life.Customer.ToString(), n.ToString(CultureInfo.InvariantCulture));
            Func<LoyaltyAccount, IAccountEvent[]>? decide = step.Kind switch
            {
                <= 4 => a => new EarnPoints(id, step.Amount / 100m, at, "web").Decide(a, rules),
                5 or 6 when Pick(life.Purchases, step) is { } purchase => a =>
                    new ReversePoints(id, purchase, decimal.Round(step.Amount / 150m, 2), at).Decide(a, rules),
                7 when Pick(life.Purchases, step) is { } purchase => a => new ReversePoints(id, purchase, 1_000, at).Decide(a, rules),
                8 or 9 => a => new RedeemPoints(step.Amount / 200 + 1, "x").Decide(a, rules, id, now),
                10 when Pick(life.Redemptions, step) is { } redemption => a =>
                    a.Redemptions.ContainsKey(redemption) ? new CancelRedemption(redemption).Decide(a, rules, now) : [],
                11 => a => a.IsOpen ? PassTime.Decide(a, rules, now) : [],
                12 when Pick(life.Purchases, step) is { } purchase => a =>
                    a.Purchases.ContainsKey(purchase) ? new UnlockPoints(purchase, "delivered").Decide(a, rules, now) : [],
                13 => a => a.IsOpen ? new AdjustPoints(step.Amount / 100 - 200, "x").Decide(a, rules, id, "tester", now) : [],
                14 => a => RewardAction.Decide(a, rules, new(step.Which % 2 == 0 ? "referral" : "review", id, at)),
                15 => a => OpenAccount.Decide(a, rules, at),
                16 when step.Which == 0 => a => a is { IsOpen: true, IsForgotten: false } ? [new HolderForgotten(now)] : [],
                17 => a => new AwardPoints(id, "attendance", 30, now).Decide(a, rules),
                18 => a => Row(life.Customer, step, now).Decide(a, rules, "programme", now),
                19 => a =>
                    a.IsOpen
                        ? new AssignTier(
                            rules.SchemeAt(a.SchemeAsOf).Tiers[step.Which % 3].Name,
                            "x",
                            step.Amount % 2 == 0 ? null : now.AddDays(step.Amount % 50 + 1)
                        ).Decide(a, rules, "tester", now)
                        : [],
                20 when step.Which < 3 => a => a.IsOpen ? new ReleaseTier("x").Decide(a, rules, "tester", now) : [],
                _ => null,
            };
            try
            {
                if (decide is not null)
                    await room.Store.Write(LoyaltyAccount.Of(life.Customer), decide);
                else if (step.Kind > 20)
                    await Send(life.Customer, other.Customer, id, step.Amount / 200 + 1, now);
            }
            catch (RuleViolationException)
            {
                continue;
            }
            if (step.Kind <= 4)
                life.Purchases.Add(id);
            if (step.Kind is 8 or 9)
                life.Redemptions.Add(id);
            if (step.Kind == 17)
                await room.Store.Write(
                    Activity.Of(life.Activity),
                    _ => new IActivityEvent[] { new MemberAttended(life.Customer, 30, now) }
                );
        }
        foreach (var stream in lives.SelectMany(l => new[] { l.Customer, l.Activity }))
            if (await room.Store.FetchStream(stream) is { Count: > 0 } facts)
                streams[stream] = facts;
    }

    /// <summary>
    /// Of a programme whose lots may be pending, or have expired since it told of them, and that knew the member before or after the
    /// account was opened here.
    /// </summary>
    static ImportMember Row(Guid customer, Step step, DateTimeOffset now) =>
        new(
            now.AddDays(-60 - 100 * step.Which),
            step.Amount / 50,
            null,
            [
                new("a", step.Amount + 1, now.AddDays(-50), now.AddDays(step.Which * 20 - 10)),
                new("b", 100, now.AddDays(-5), null, now.AddDays(step.Which * 10 - 20)),
            ],
            step.Which > 2
                ? null
                :
                [
                    new("1", PastKind.Earned, step.Amount + 200, now.AddDays(-55)),
                    new("2", PastKind.Redeemed, -70, now.AddDays(-50)),
                    new("3", PastKind.Expired, -29, now.AddDays(-20)),
                ],
            customer
        );

    Task Send(Guid from, Guid to, Guid id, long points, DateTimeOffset now)
    {
        var household = new Belonging { HouseholdId = id, Since = start };
        return room.Store.Write(
            Write.To(
                LoyaltyAccount.Of(from),
                LoyaltyAccount.Of(to),
                (sender, receiver) =>
                {
                    if (!sender.State.IsOpen || !receiver.State.IsOpen)
                        return;
                    var decided = new TransferPoints(points, to).Decide(
                        id,
                        from,
                        sender.State,
                        household,
                        receiver.State,
                        household,
                        GivenHousehold.Free(),
                        rules,
                        now
                    );
                    sender.Append(decided.Sender);
                    receiver.Append(decided.Receiver);
                }
            )
        );
    }

    static Guid? Pick(List<Guid> from, Step step) => from.Count == 0 ? null : from[^(1 + step.Which % from.Count)];
}
