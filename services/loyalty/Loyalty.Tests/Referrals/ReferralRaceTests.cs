using System.Net;
using CrmPlatform.Loyalty.Referrals;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Loyalty.Tests.Referrals.ReferralWords;

namespace CrmPlatform.Loyalty.Tests.Referrals;

/// <summary>Many at once, over the real database.</summary>
public class ReferralRaceTests(ReferralRoom room) : IClassFixture<ReferralRoom>
{
    [Fact]
    public async Task of_many_who_are_good_at_once_the_earliest_are_rewarded_up_to_the_cap()
    {
        var m = await room.Members(7);
        foreach (var referee in m[1..])
            (await room.Refer(referee, m[0])).EnsureSuccessStatusCode();
        await room.Hear("customers", [.. m[1..].Select((referee, i) => LoyaltyRoom.Purchase(referee, 20, LoyaltyRoom.Now.AddDays(i)))]);
        await room.Later(
            90,
            async () =>
            {
                for (var i = 0; i < 2; i++)
                    await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => room.RunDue<QualifyReferrals>()));
                (await Task.WhenAll(m[1..].Select(room.Status))).ShouldBe([
                    ("rewarded", null),
                    ("rewarded", null),
                    ("rewarded", null),
                    ("withheld", "cap-reached"),
                    ("withheld", "cap-reached"),
                    ("withheld", "cap-reached"),
                ]);
                (await room.Balance(m[0]), await room.Balance(m[1]), await room.Balance(m[6])).ShouldBe((600, 120, 20));
            }
        );
    }

    /// <summary>Two stores that know nothing of each other, as two processes: only the database is between them.</summary>
    [Fact]
    public async Task members_who_bring_one_another_at_the_same_moment_never_make_a_circle()
    {
        var one = room.Process();
        var two = room.Process();
        var (rules, business) = (new ReferralRules(), room.Services.GetRequiredService<LoyaltyRules>().Business);
        for (var round = 0; round < 12; round++)
        {
            // Pairs that exist already, so that the ends of two chains share no stream but the roots.
            var m = await room.Members(8);
            foreach (var i in new[] { 0, 2, 4, 6 })
                await new MakeReferral(m[i], m[i + 1]).Make(new(room.Clock), one, room.Db, rules, business, room.Clock);
            var outcomes = await Task.WhenAll(
                new[] { (1, 2), (3, 4), (5, 6), (7, 0) }.Select(
                    async (pair, i) =>
                    {
                        try
                        {
                            return (
                                await new MakeReferral(m[pair.Item1], m[pair.Item2]).Make(
                                    new(room.Clock),
                                    i % 2 == 0 ? one : two,
                                    room.Db,
                                    rules,
                                    business,
                                    room.Clock
                                )
                            )
                                .Events.OfType<ReferralMade>()
                                .Count();
                        }
                        catch (RuleViolationException refused) when (refused.Code == "referral-loop")
                        {
                            return 0;
                        }
                    }
                )
            );
            outcomes.Sum().ShouldBe(3, "all but the one that would close the circle");
        }
    }

    [Fact]
    public async Task of_32_who_claim_the_same_referee_at_once_one_has_brought_them()
    {
        var m = await room.Members(33);
        var answers = await Task.WhenAll(m[1..].Select(referrer => room.Refer(m[0], referrer)));
        answers
            .CountBy(a => a.StatusCode)
            .ToDictionary()
            .ShouldBe(
                new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 1, [HttpStatusCode.UnprocessableEntity] = 31 },
                ignoreOrder: true
            );
        (await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => room.Post($"accounts/{m[0]}/referral-code"))))
            .Count(a => a.StatusCode == HttpStatusCode.Created)
            .ShouldBe(1);
    }
}
