using System.Net;
using CrmPlatform.Loyalty.Households;
using static CrmPlatform.Loyalty.Tests.Households.HouseholdWords;

namespace CrmPlatform.Loyalty.Tests.Households;

/// <summary>Who belongs together, over the real database.</summary>
public class HouseholdRoomTests(HouseholdRoom room) : IClassFixture<HouseholdRoom>
{
    [Fact]
    public async Task a_member_is_in_one_household_at_most_however_many_they_accept_at_once()
    {
        var guest = await room.Customer();
        var households = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            households.Add(await room.Founded(await room.Customer()));
            (await room.Post($"households/{households[i]}/members", new { customerId = guest })).StatusCode.ShouldBe(
                HttpStatusCode.Created
            );
        }
        (await room.Post($"households/{households[0]}/members", new { customerId = guest })).StatusCode.ShouldBe(
            HttpStatusCode.OK,
            "invited already"
        );
        var answers = await Task.WhenAll(households.Select(h => room.Post($"households/{h}/members/{guest}/accept")));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await room.Get($"households?memberId={guest}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await Problem(await room.Post("households", new { headId = guest }), 422, "in-a-household", "headId");
    }

    [Fact]
    public async Task of_many_who_are_invited_at_once_no_more_enter_than_there_is_room_for()
    {
        var household = await room.Founded(await room.Customer());
        var guests = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => room.Customer()));
        var answers = await Task.WhenAll(guests.Select(g => room.Post($"households/{household}/members", new { customerId = g })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(3);
        foreach (var a in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            await Problem(a, 422, "household-full");
        await Problem(await room.Post($"households/{household}/members", new { customerId = household }), 404, "not-found");
        await Problem(await room.Post($"households/{Guid.CreateVersion7()}/members", new { customerId = guests[0] }), 404, "not-found");
        await Problem(await room.Post($"households/{household}/members/{await room.Customer()}/accept"), 422, "not-invited");
        (await room.Everything.GetAsync($"/api/loyalty/households/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Problem(await room.Everything.GetAsync("/api/loyalty/households?after=x"), 400, "invalid-request", "after");
    }

    [Fact]
    public async Task who_leaves_or_is_forgotten_sends_and_receives_nothing_any_more()
    {
        var (ann, bob, cem) = (await room.Customer(100), await room.Customer(100), await room.Customer(100));
        var household = await room.Founded(ann, bob, cem);
        (await room.Post($"households/{household}/members/{cem}/leave")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Problem(await room.Send(cem, bob, 1), 422, "not-in-one-household");
        await room.Hear("customers", new Contracts.CustomerForgotten(ann, LoyaltyRoom.Now));
        await Problem(await room.Send(bob, ann, 1), 422, "customer-forgotten", "toCustomerId");
        await Problem(await room.Send(ann, bob, 1), 422, "customer-forgotten");
        (await room.Members(household)).ShouldBe([(bob, "member")], "at once");
        await Task.WhenAll(room.RunDue<ReleaseForgotten>(), room.RunDue<ReleaseForgotten>());
        (await room.RunDue<ReleaseForgotten>()).ShouldBe(0);
        await Problem(await room.Send(bob, ann, 1), 422, "customer-forgotten");
        var shown = await room.Get($"households/{household}");
        (shown.GetProperty("headId").GetGuid(), await room.Balance(ann)).ShouldBe((bob, 100));
        (await room.Get($"customers/{ann}/personal"))
            .GetProperty("households")
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldBe(["belonging_began", "belonging_ended"]);
        (await room.Post("households", new { headId = cem })).StatusCode.ShouldBe(HttpStatusCode.Created, "who left may begin anew");
    }

    [Fact]
    public async Task views_built_anew_equal_the_live_ones()
    {
        var (ann, bob) = (await room.Customer(100), await room.Customer(20));
        await room.Founded(ann, bob);
        await room.Send(ann, bob, 60);
        await room.Redeem(bob, 50);
        foreach (
            var (view, tables) in new[]
            {
                ("household", new[] { "household", "household_member", "household_forgotten" }),
                ("ledger", ["ledger_account", "ledger_lot"]),
            }
        )
        {
            var before = await Contents(tables);
            before.ShouldNotBeEmpty();
            await room.Daemon.Rebuild(view);
            (await Contents(tables)).ShouldBe(before);
        }

        async Task<List<string>> Contents(string[] tables)
        {
            var all = new List<string>();
            foreach (var table in tables)
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
