using CrmPlatform.Loyalty.Referrals;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Referrals;

public class ReferralProperties
{
    static readonly Arbitrary<(int Kind, int Which, int Amount, int Hours)[]> histories = (
        from kind in Gen.Choose(0, 5)
        from which in Gen.Choose(0, 4)
        from amount in Gen.Choose(0, 60)
        from hours in Gen.Choose(0, 24 * 25)
        select (kind, which, amount, hours)
    )
        .ArrayOf()
        .ToArbitrary();

    /// <summary>Against a plain reading of the rule, and whether the clock came by after each step or once at the end.</summary>
    [Fact]
    public void the_first_purchase_that_was_kept_makes_it_good_however_often_the_clock_comes_by() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var (often, late, now, id) = (Fresh(), Fresh(), Day(0), 10);
                    var purchases = new List<(int Id, decimal Net, DateTimeOffset At, List<(decimal Net, DateTimeOffset At)> Returned)>();
                    foreach (var (kind, which, amount, hours) in steps)
                    {
                        now = now.AddHours(hours);
                        // Before what happens: the clock is never late for more than it can know.
                        often.ClockUntilNothing(now);
                        if (kind <= 2)
                        {
                            purchases.Add((++id, amount, now, []));
                            foreach (var referral in new[] { often, late })
                                referral.Buys(id, amount, now);
                        }
                        else if (purchases.Count > which)
                        {
                            var bought = purchases[which];
                            var back = Math.Min(kind == 5 ? bought.Net : amount, bought.Net - bought.Returned.Sum(r => r.Net));
                            bought.Returned.Add((back, now));
                            foreach (var referral in new[] { often, late })
                                referral.Returns(bought.Id, back, now);
                        }
                        often.ClockUntilNothing(now);
                    }
                    now = now.AddDays(500);
                    foreach (var referral in new[] { often, late })
                        referral.ClockUntilNothing(now);

                    var lapses = often.Member.Made!.LapsesAt;
                    var expected = purchases
                        .Where(p => p.At < lapses)
                        .Select(p => (p.Id, Past: GivenReferral.Terms().PastReturns(p.At, GivenReferral.Shop), p.Net, p.Returned))
                        .Select(p => (p.Id, p.Past, Kept: p.Net - p.Returned.Where(r => r.At < p.Past).Sum(r => r.Net)))
                        .Where(p => p.Kept is > 0 and >= 5)
                        .Select(p => new ReferralQualified(GivenReferral.Referee, GivenReferral.Referrer, Id(p.Id), p.Kept, p.Past))
                        .FirstOrDefault();
                    return new[] { often, late }.All(r =>
                        r.Facts.OfType<ReferralQualified>().SingleOrDefault() == expected
                        && r.Member.Status == (expected is null ? ReferralStatus.Ended : ReferralStatus.Rewarded)
                    );

                    static GivenReferral Fresh() =>
                        new()
                        {
                            Settings = new() { MinNet = 5, Settle = TimeSpan.Zero },
                        };
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void whoever_brings_whom_nobody_is_above_themselves() =>
        Prop.ForAll(
                (from a in Gen.Choose(1, 9) from b in Gen.Choose(1, 9) select (a, b))
                    .ArrayOf()
                    .ToArbitrary(),
                pairs =>
                {
                    var members = Enumerable.Range(1, 9).ToDictionary(Id, _ => ReferralMember.Initial);
                    var open = Account(new AccountOpened("Bronze", Day(-1)));
                    foreach (var (bringer, brought) in pairs)
                    {
                        var (referrer, referee) = (Id(bringer), Id(brought));
                        try
                        {
                            members[referee] = members[referee]
                                .After(
                                    new MakeReferral(referee, referrer).Decide(
                                        members[referee],
                                        open,
                                        open,
                                        Above(referrer),
                                        GivenReferral.Terms(),
                                        GivenReferral.Shop,
                                        Day(0)
                                    )
                                );
                        }
                        catch (RuleViolationException refused)
                        {
                            var expected =
                                referrer == referee ? "self-referral"
                                : Above(referrer).Contains(referee) ? "referral-loop"
                                : "already-referred";
                            if (refused.Code != expected)
                                return false;
                        }
                    }
                    return members.Keys.All(member => Above(member).Distinct().Count() == Above(member).Count);

                    List<Guid> Above(Guid member)
                    {
                        var above = new List<Guid> { member };
                        while (members[above[^1]].Made is { } made && above.Count < 20)
                            above.Add(made.ReferrerId);
                        return above;
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
