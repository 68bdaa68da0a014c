using System.Net;
using CrmPlatform.Loyalty.Referrals;
using static CrmPlatform.Loyalty.Tests.Referrals.ReferralWords;

namespace CrmPlatform.Loyalty.Tests.Referrals;

/// <summary>Referrals as a caller sees them.</summary>
public class ReferralRoomTests(ReferralRoom room) : IClassFixture<ReferralRoom>
{
    [Fact]
    public async Task a_code_is_asked_for_given_on_and_rewards_both_once_after_the_return_window()
    {
        var pair = await room.Members(2);
        var (referrer, referee) = (pair[0], pair[1]);
        (await room.Post($"accounts/{referrer}/referral-code")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await room.Post($"accounts/{referrer}/referral-code")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var code = (await room.Get($"accounts/{referrer}/referral-code")).GetProperty("code").GetString()!;
        var first = await room.Refer(referee, code: code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        first.StatusCode.ShouldBe(HttpStatusCode.Created, await first.Content.ReadAsStringAsync());
        (await room.Refer(referee, code: code)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var (returned, kept) = (
            LoyaltyRoom.Purchase(referee, 80, LoyaltyRoom.Now.AddMinutes(1)),
            LoyaltyRoom.Purchase(referee, 50, LoyaltyRoom.Now.AddMinutes(2))
        );
        var facts = (await room.Store.FetchStream(ReferralMember.IdOf(referee))).Count;
        await room.Hear("customers", returned, kept);
        (await room.Store.FetchStream(ReferralMember.IdOf(referee))).Count.ShouldBe(facts, "a purchase writes nothing here");
        (await room.RunDue<QualifyReferrals>()).ShouldBe(1);
        (await room.RunDue<QualifyReferrals>()).ShouldBe(0);
        (await room.List($"referrerId={referrer}&status=waiting"))
            .Single()
            .GetProperty("purchaseId")
            .GetGuid()
            .ShouldBe(returned.PurchaseId);
        await room.Hear("customers", LoyaltyRoom.Return(returned, 80));

        await room.Later(
            40,
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => room.RunDue<QualifyReferrals>()));
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => room.RunDue<QualifyReferrals>()));
                (await room.RunDue<QualifyReferrals>()).ShouldBe(0);
                var shown = (await room.List($"refereeId={referee}")).Single();
                (
                    shown.GetProperty("status").GetString(),
                    shown.GetProperty("purchaseId").GetGuid(),
                    shown.GetProperty("referrerPoints").GetInt64(),
                    shown.GetProperty("refereePoints").GetInt64()
                ).ShouldBe(("rewarded", kept.PurchaseId, 200, 100));
                (await room.Balance(referrer), await room.Balance(referee)).ShouldBe((200, 150));
                var account = await room.Get($"accounts/{referrer}");
                var lot = account.GetProperty("lots").EnumerateArray().Single();
                (
                    lot.GetProperty("rule").GetString(),
                    lot.GetProperty("ruleVersion").GetInt32(),
                    account.GetProperty("qualifyingPoints").GetInt64()
                ).ShouldBe(("referral", 1, 0));
                lot.GetProperty("earnedAt")
                    .GetDateTimeOffset()
                    .ShouldBe(new ReferralRules().PastReturns(kept.OccurredAt, new()), "dated when it was due");
            }
        );
        (await room.Get($"customers/{referee}/personal"))
            .GetProperty("referrals")
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldContain("referral_rewarded");
    }

    [Fact]
    public async Task refusals_keys_and_pages_are_what_they_are_everywhere()
    {
        var m = await room.Members(5);
        (await room.Refer(m[1], m[0])).EnsureSuccessStatusCode();
        (await room.Refer(m[2], m[1])).EnsureSuccessStatusCode();
        await Problem(await room.Refer(m[0], m[0]), 422, "self-referral", "refereeId");
        await Problem(await room.Refer(m[0], m[2]), 422, "referral-loop", "refereeId");
        await Problem(await room.Refer(m[2], m[3]), 422, "already-referred", "refereeId");
        await Problem(await room.Refer(await room.Customer(10), m[0]), 422, "not-a-new-customer", "refereeId");
        await Problem(await room.Refer(Guid.CreateVersion7(), m[0]), 404, "not-found");
        await Problem(await room.Refer(m[3], Guid.CreateVersion7()), 404, "not-found");
        await Problem(await room.Refer(m[3]), 400, "invalid-request", "referrerId");
        await Problem(await room.Refer(m[3], m[0], "K7QWP-3ZD9X"), 400, "invalid-request", "referrerId");
        await Problem(await room.Refer(Guid.Empty, m[0]), 400, "invalid-request", "refereeId");
        await Problem(await room.Refer(m[3], code: "K7QWP-3ZD9\0"), 400, "invalid-request", "code");
        await Problem(await room.Refer(m[3], code: "K7QWP-3ZD9!"), 422, "referral-code-mistyped", "code");
        await Problem(await room.Refer(m[3], code: ReferralCode.New()), 422, "referral-code-unknown", "code");
        await Problem(await room.Post($"accounts/{Guid.CreateVersion7()}/referral-code"), 404, "not-found");
        (await room.Everything.GetAsync($"/api/loyalty/accounts/{m[3]}/referral-code")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await room.Store.FetchStream(ReferralMember.IdOf(m[3]))).ShouldBeEmpty();

        var first = await (await room.Refer(m[3], m[0], key: "k")).Content.ReadAsStringAsync();
        (await (await room.Refer(m[3], m[0], key: "k")).Content.ReadAsStringAsync()).ShouldBe(first);
        await Problem(await room.Refer(m[4], m[0], key: "k"), 409, "idempotency-key-reused");
        (await room.Refer(m[4], m[0])).EnsureSuccessStatusCode();

        var (seen, next) = (new List<Guid>(), "");
        do
        {
            var page = await room.Get($"referrals?referrerId={m[0]}&limit=2{next}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("refereeId").GetGuid()));
            next = page.GetProperty("next").GetString() is { } after ? "&after=" + after : null;
        } while (next is not null);
        seen.ShouldBe([m[1], m[3], m[4]], ignoreOrder: true);
        await Problem(await room.Everything.GetAsync("/api/loyalty/referrals?status=lost"), 400, "invalid-request", "status");
        await Problem(await room.Everything.GetAsync("/api/loyalty/referrals?after=x"), 400, "invalid-request", "after");
    }

    [Fact]
    public async Task nothing_comes_of_a_referral_when_one_of_the_two_was_forgotten()
    {
        var m = await room.Members(4);
        await room.Post($"accounts/{m[0]}/referral-code");
        var code = (await room.Get($"accounts/{m[0]}/referral-code")).GetProperty("code").GetString();
        (await room.Refer(m[1], m[0])).EnsureSuccessStatusCode();
        (await room.Refer(m[2], m[1])).EnsureSuccessStatusCode();
        await room.Hear(
            "customers",
            LoyaltyRoom.Purchase(m[1], 20, LoyaltyRoom.Now.AddMinutes(1)),
            LoyaltyRoom.Purchase(m[2], 20, LoyaltyRoom.Now.AddMinutes(1))
        );
        await room.Hear(
            "customers",
            new Contracts.CustomerForgotten(m[1], LoyaltyRoom.Now),
            new Contracts.CustomerForgotten(m[0], LoyaltyRoom.Now)
        );
        (await room.RunDue<QualifyReferrals>()).ShouldBe(2);
        (await room.Status(m[1]), await room.Status(m[2])).ShouldBe((("ended", "forgotten"), ("ended", "forgotten")));
        await Problem(await room.Refer(m[3], code: code), 422, "referral-code-unknown");
        await Problem(await room.Refer(m[3], m[0]), 404, "not-found");
        // Other tests of the room have referrals that become due then; these do not.
        await room.Later(
            60,
            async () =>
            {
                await room.RunDue<QualifyReferrals>();
                (await room.Status(m[1]), await room.Status(m[2])).ShouldBe((("ended", "forgotten"), ("ended", "forgotten")));
                (await room.Balance(m[0])).ShouldBe(0);
            }
        );
    }

    [Fact]
    public async Task the_view_built_anew_equals_the_live_one()
    {
        var m = await room.Members(3);
        await room.Post($"accounts/{m[0]}/referral-code");
        await room.Refer(m[1], m[0]);
        await room.Refer(m[2], m[1]);
        await room.Hear("customers", LoyaltyRoom.Purchase(m[1], 20, LoyaltyRoom.Now.AddMinutes(1)));
        await room.RunDue<QualifyReferrals>();
        var before = await Contents();
        before.ShouldContain(row => row.Contains(m[2].ToString()));
        await room.Daemon.Rebuild("referral");
        (await Contents()).ShouldBe(before);

        async Task<List<string>> Contents()
        {
            var all = new List<string>();
            foreach (var table in new[] { "referral", "referral_code" })
            {
                await using var command = room.Db.CreateCommand($"select t::text from {table} t order by 1");
                await using var rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                    all.Add(rows.GetString(0));
            }
            return all;
        }
    }
}
