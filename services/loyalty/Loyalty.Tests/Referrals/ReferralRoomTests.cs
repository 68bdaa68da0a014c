using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Referrals;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Referrals;

/// <summary>A room of its own: its clock is moved.</summary>
public class ReferralRoomTests(ReferralRoomTests.Room room) : IClassFixture<ReferralRoomTests.Room>
{
    public sealed class Room : LoyaltyRoom
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string> { ["Referrals:MostPerPeriod"] = "3", ["Referrals:Settle"] = "00:00:00" };
    }

    async Task<Guid[]> Members(int count)
    {
        var members = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await room.Hear("customers", [.. members.Select(LoyaltyRoom.Registered)]);
        return members;
    }

    Task<HttpResponseMessage> Refer(Guid referee, Guid? referrerId = null, string? code = null, string? key = null) =>
        Post(
            "referrals",
            new
            {
                refereeId = referee,
                referrerId,
                code,
            },
            key
        );

    async Task<HttpResponseMessage> Post(string path, object? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/loyalty/" + path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await room.Everything.SendAsync(request);
    }

    async Task<JsonElement[]> List(string query) =>
        [.. (await room.Get("referrals?limit=200&" + query)).GetProperty("items").EnumerateArray()];

    async Task<(string? Status, string? Reason)> Status(Guid referee) =>
        (await List($"refereeId={referee}")) is [var r]
            ? (r.GetProperty("status").GetString(), r.GetProperty("reason").GetString())
            : default;

    static async Task Problem(HttpResponseMessage answer, int status, string code, string? field = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:" + code);
        if (field is not null)
            problem.GetProperty("field").GetString().ShouldBe(field);
    }

    async Task Later(int days, Func<Task> what)
    {
        room.Clock.Advance(TimeSpan.FromDays(days));
        try
        {
            await what();
        }
        finally
        {
            room.Clock.Advance(TimeSpan.FromDays(-days));
        }
    }

    [Fact]
    public async Task a_code_is_asked_for_given_on_and_rewards_both_once_after_the_return_window()
    {
        var pair = await Members(2);
        var (referrer, referee) = (pair[0], pair[1]);
        (await Post($"accounts/{referrer}/referral-code")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Post($"accounts/{referrer}/referral-code")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var code = (await room.Get($"accounts/{referrer}/referral-code")).GetProperty("code").GetString()!;
        var first = await Refer(referee, code: code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        first.StatusCode.ShouldBe(HttpStatusCode.Created, await first.Content.ReadAsStringAsync());
        (await Refer(referee, code: code)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var (returned, kept) = (
            LoyaltyRoom.Purchase(referee, 80, LoyaltyRoom.Now.AddMinutes(1)),
            LoyaltyRoom.Purchase(referee, 50, LoyaltyRoom.Now.AddMinutes(2))
        );
        var facts = (await room.Store.FetchStream(ReferralMember.IdOf(referee))).Count;
        await room.Hear("customers", returned, kept);
        (await room.Store.FetchStream(ReferralMember.IdOf(referee))).Count.ShouldBe(facts, "a purchase writes nothing here");
        (await room.RunDue<QualifyReferrals>()).ShouldBe(1);
        (await room.RunDue<QualifyReferrals>()).ShouldBe(0);
        (await List($"referrerId={referrer}&status=waiting")).Single().GetProperty("purchaseId").GetGuid().ShouldBe(returned.PurchaseId);
        await room.Hear("customers", LoyaltyRoom.Return(returned, 80));

        await Later(
            40,
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => room.RunDue<QualifyReferrals>()));
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => room.RunDue<QualifyReferrals>()));
                (await room.RunDue<QualifyReferrals>()).ShouldBe(0);
                var shown = (await List($"refereeId={referee}")).Single();
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
        var m = await Members(5);
        (await Refer(m[1], m[0])).EnsureSuccessStatusCode();
        (await Refer(m[2], m[1])).EnsureSuccessStatusCode();
        await Problem(await Refer(m[0], m[0]), 422, "self-referral", "refereeId");
        await Problem(await Refer(m[0], m[2]), 422, "referral-loop", "refereeId");
        await Problem(await Refer(m[2], m[3]), 422, "already-referred", "refereeId");
        await Problem(await Refer(await room.Customer(10), m[0]), 422, "not-a-new-customer", "refereeId");
        await Problem(await Refer(Guid.CreateVersion7(), m[0]), 404, "not-found");
        await Problem(await Refer(m[3], Guid.CreateVersion7()), 404, "not-found");
        await Problem(await Refer(m[3]), 400, "invalid-request", "referrerId");
        await Problem(await Refer(m[3], m[0], "K7QWP-3ZD9X"), 400, "invalid-request", "referrerId");
        await Problem(await Refer(Guid.Empty, m[0]), 400, "invalid-request", "refereeId");
        await Problem(await Refer(m[3], code: "K7QWP-3ZD9\0"), 422, "referral-code-mistyped", "code");
        await Problem(await Refer(m[3], code: ReferralCode.New()), 422, "referral-code-unknown", "code");
        await Problem(await Post($"accounts/{Guid.CreateVersion7()}/referral-code"), 404, "not-found");
        (await room.Everything.GetAsync($"/api/loyalty/accounts/{m[3]}/referral-code")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await room.Store.FetchStream(ReferralMember.IdOf(m[3]))).ShouldBeEmpty();

        var first = await (await Refer(m[3], m[0], key: "k")).Content.ReadAsStringAsync();
        (await (await Refer(m[3], m[0], key: "k")).Content.ReadAsStringAsync()).ShouldBe(first);
        await Problem(await Refer(m[4], m[0], key: "k"), 409, "idempotency-key-reused");
        (await Refer(m[4], m[0])).EnsureSuccessStatusCode();

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
    public async Task of_many_who_are_good_at_once_no_more_are_rewarded_than_the_cap_and_the_earliest_are()
    {
        var m = await Members(7);
        foreach (var referee in m[1..])
            (await Refer(referee, m[0])).EnsureSuccessStatusCode();
        await room.Hear("customers", [.. m[1..].Select((referee, i) => LoyaltyRoom.Purchase(referee, 20, LoyaltyRoom.Now.AddDays(i)))]);
        await Later(
            90,
            async () =>
            {
                for (var i = 0; i < 2; i++)
                    await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => room.RunDue<QualifyReferrals>()));
                (await Task.WhenAll(m[1..].Select(Status))).ShouldBe([
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

    [Fact]
    public async Task nothing_comes_of_a_referral_whose_referee_or_referrer_was_forgotten_and_the_code_is_gone()
    {
        var m = await Members(4);
        await Post($"accounts/{m[0]}/referral-code");
        var code = (await room.Get($"accounts/{m[0]}/referral-code")).GetProperty("code").GetString();
        (await Refer(m[1], m[0])).EnsureSuccessStatusCode();
        (await Refer(m[2], m[1])).EnsureSuccessStatusCode();
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
        (await Status(m[1]), await Status(m[2])).ShouldBe((("ended", "forgotten"), ("ended", "forgotten")));
        await Problem(await Refer(m[3], code: code), 422, "referral-code-unknown");
        await Problem(await Refer(m[3], m[0]), 404, "not-found");
        await Later(60, async () => (await room.RunDue<QualifyReferrals>(), await room.Balance(m[0])).ShouldBe((0, 0)));
    }

    /// <summary>Two stores that know nothing of each other, as two processes: only the database is between them.</summary>
    [Fact]
    public async Task members_who_bring_one_another_at_the_same_moment_never_make_a_circle()
    {
        var one = Process();
        var two = Process();
        var (rules, business) = (new ReferralRules(), room.Services.GetRequiredService<LoyaltyRules>().Business);
        for (var round = 0; round < 12; round++)
        {
            // Pairs that exist already, so that the ends of two chains share no stream but the roots.
            var m = await Members(8);
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
        var m = await Members(33);
        var answers = await Task.WhenAll(m[1..].Select(referrer => Refer(m[0], referrer)));
        answers
            .CountBy(a => a.StatusCode)
            .ToDictionary()
            .ShouldBe(
                new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 1, [HttpStatusCode.UnprocessableEntity] = 31 },
                ignoreOrder: true
            );
        (await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Post($"accounts/{m[0]}/referral-code"))))
            .Count(a => a.StatusCode == HttpStatusCode.Created)
            .ShouldBe(1);
    }

    [Fact]
    public async Task the_view_built_anew_equals_the_live_one()
    {
        var m = await Members(3);
        await Post($"accounts/{m[0]}/referral-code");
        await Refer(m[1], m[0]);
        await Refer(m[2], m[1]);
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

    EventStore Process() =>
        new(
            room.Db,
            new EventStoreOptions()
                .Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", 3)
                .Aggregate<ReferralMember, IReferralEvent>("referral", 1)
                .Inline(new LedgerView())
                .Inline(new ReferralView()),
            room.Clock
        );
}
