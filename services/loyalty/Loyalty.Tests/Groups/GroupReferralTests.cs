using System.Net;
using CrmPlatform.Loyalty.Referrals;
using CrmPlatform.Loyalty.Tests.Referrals;
using static CrmPlatform.Loyalty.Tests.Referrals.ReferralWords;

namespace CrmPlatform.Loyalty.Tests.Groups;

/// <summary>Nobody refers themselves, under whatever id. A room of its own: its clock is moved.</summary>
public class GroupReferralTests(ReferralRoom room) : IClassFixture<ReferralRoom>
{
    [Fact]
    public async Task nobody_refers_themselves_as_another_member_of_their_group()
    {
        var members = await room.Members(4);
        var (one, two, brought, stranger) = (members[0], members[1], members[2], members[3]);
        await room.Merge(one, two);
        await Problem(await room.Refer(two, one), 422, "self-referral", "refereeId");
        (await room.Post($"accounts/{two}/referral-code")).EnsureSuccessStatusCode();
        var code = (await room.Get($"accounts/{two}/referral-code")).GetProperty("code").GetString();
        await Problem(await room.Refer(one, code: code), 422, "self-referral", "refereeId");
        (await room.Refer(brought, one)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Problem(await room.Refer(two, brought), 422, "referral-loop", "refereeId");
        (await room.List($"referrerId={two}")).Single().GetProperty("refereeId").GetGuid().ShouldBe(brought);
        (await room.Refer(two, stranger)).StatusCode.ShouldBe(HttpStatusCode.Created);

        await room.Part(one, two);
        (await room.Refer(one, two)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task a_referral_between_two_who_turn_out_to_be_one_is_not_rewarded()
    {
        var members = await room.Members(2);
        var (referrer, referee) = (members[0], members[1]);
        (await room.Refer(referee, referrer)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await room.Hear("customers", LoyaltyRoom.Purchase(referee, 80, LoyaltyRoom.Now.AddMinutes(1)));
        await room.RunDue<QualifyReferrals>();
        await room.Merge(referee, referrer);
        await room.Later(
            40,
            async () =>
            {
                await room.RunDue<QualifyReferrals>();
                (await room.Status(referee)).ShouldBe(("withheld", "self-referral"));
                await room.Part(referrer, referee);
                (await room.RunDue<QualifyReferrals>()).ShouldBe(0);
                (await room.Balance(referrer), await room.Balance(referee)).ShouldBe((0, 80));
            }
        );
    }
}
