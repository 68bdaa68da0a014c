using System.Text.Json;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Programme;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Households;

/// <summary>Three members who buy, return, spend and send one another points, under any return policy.</summary>
public class TransferProperties
{
    static readonly Arbitrary<((int Kind, int Who, int Other, int Amount, int Hours)[] Steps, ReturnPolicy Policy)> histories = (
        from steps in (
            from kind in Gen.Choose(0, 7)
            from who in Gen.Choose(0, 2)
            from other in Gen.Choose(1, 2)
            from amount in Gen.Choose(1, 400)
            from hours in Gen.Choose(0, 24 * 9)
            select (kind, who, other, amount, hours)
        ).ArrayOf()
        from policy in Gen.Elements(Enum.GetValues<ReturnPolicy>())
        select (steps, policy)
    ).ToArbitrary();

    [Fact]
    public void no_point_is_made_or_lost_none_lives_longer_and_each_life_can_be_relived() =>
        Prop.ForAll(
                histories,
                history =>
                {
                    var rules = Rules(history.Policy, validMonths: 2);
                    var facts = Enumerable.Range(0, 3).Select(_ => new List<IAccountEvent>()).ToArray();
                    var accounts = Enumerable.Repeat(LoyaltyAccount.Initial, 3).ToArray();
                    for (var i = 0; i < 3; i++)
                        Append(i, OpenAccount.Decide(accounts[i], rules, Day(0)));
                    var (now, n) = (Day(0), 10);
                    foreach (var (kind, who, other, amount, hours) in history.Steps)
                    {
                        (now, n) = (now.AddHours(hours), n + 1);
                        var to = (who + other) % 3;
                        try
                        {
                            switch (kind)
                            {
                                case 0 or 1:
                                    Append(who, new EarnPoints(Id(n), amount, now).Decide(accounts[who], rules));
                                    break;
                                case 2:
                                    Append(
                                        who,
                                        accounts[who].Purchases.Keys.Order().ElementAtOrDefault(other) is var id && id != default
                                            ? new ReversePoints(Id(n + 5_000), id, amount / 2m, now).Decide(accounts[who], rules)
                                            : []
                                    );
                                    break;
                                case 3:
                                    Append(who, new RedeemPoints(amount / 4 + 1, "x").Decide(accounts[who], rules, Id(n), now));
                                    break;
                                case 4:
                                    Append(who, PassTime.Decide(accounts[who], rules, now));
                                    break;
                                default:
                                    var done = new TransferPoints(amount / 3 + 1, Id(to)).Decide(
                                        Id(n),
                                        Id(who),
                                        accounts[who],
                                        GivenHousehold.Since(0),
                                        accounts[to],
                                        GivenHousehold.Since(0),
                                        GivenHousehold.Free(),
                                        rules,
                                        now
                                    );
                                    Append(who, done.Sender);
                                    Append(to, done.Receiver);
                                    break;
                            }
                        }
                        catch (RuleViolationException)
                        {
                            // What may not be is refused, and changes nothing.
                        }
                        if (!Holds())
                            return false;
                    }
                    for (var i = 0; i < 3; i++)
                        Append(i, PassTime.Decide(accounts[i], rules, now = now.AddMonths(3)));
                    return Holds()
                        && accounts.All(a => a.Lots.Values.All(l => l.Remaining == 0))
                        && facts.All(life => Text(WhatIf.Relive(life, rules, DateTimeOffset.MinValue).Facts) == Text(life));

                    void Append(int who, IAccountEvent[] happened)
                    {
                        facts[who].AddRange(happened);
                        accounts[who] = accounts[who].After(happened);
                    }

                    bool Holds()
                    {
                        var all = facts.SelectMany(f => f).ToArray();
                        var (earned, gone) = (
                            all.OfType<PointsEarned>().Sum(e => e.Points),
                            all.Sum(f =>
                                f switch
                                {
                                    PointsRedeemed e => e.Points,
                                    PointsExpired e => e.Points,
                                    PointsReversed e => e.Points,
                                    _ => 0,
                                }
                            )
                        );
                        return accounts.Sum(a => a.Balance) == earned - gone
                            && all.OfType<PointsTransferredIn>().Sum(e => e.Points) == all.OfType<PointsTransferredOut>().Sum(e => e.Points)
                            && accounts.All(a =>
                                a.Balance == a.Lots.Values.Sum(l => l.Remaining) - a.Debt
                                && a.Lots.Values.All(l =>
                                    l.Remaining >= 0 && l.ExpiresAt == new Expiry { Count = 2 }.Of(l.EarnedAt, rules.Business)
                                )
                            )
                            && accounts
                                .Select(
                                    (a, i) =>
                                        a.QualifyingPoints
                                        == facts[i]
                                            .Sum(f =>
                                                f switch
                                                {
                                                    PointsEarned e => e.Points,
                                                    PointsReversed e => -e.Qualifying,
                                                    _ => 0,
                                                }
                                            )
                                )
                                .All(same => same);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    static string Text(IEnumerable<IAccountEvent> facts) => JsonSerializer.Serialize<object[]>([.. facts], EventStoreOptions.Json);
}
