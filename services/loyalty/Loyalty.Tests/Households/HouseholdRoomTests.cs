using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Households;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Households;

/// <summary>A room of its own, where new members may send fresh points.</summary>
public class HouseholdRoomTests(HouseholdRoomTests.Room room) : IClassFixture<HouseholdRoomTests.Room>
{
    public sealed class Room : LoyaltyRoom
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>
            {
                ["Households:MinDaysInHousehold"] = "0",
                ["Households:MinAgeDays"] = "0",
                ["Households:MostPerTransfer"] = "500",
                ["Households:MostMembers"] = "4",
            };
    }

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

    Task<HttpResponseMessage> Send(Guid from, Guid to, long points, string? key = null) =>
        Post($"accounts/{from}/transfers", new { toCustomerId = to, points }, key);

    async Task<Guid> Founded(params Guid[] members)
    {
        var answer = await Post("households", new { headId = members[0] });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        foreach (var member in members[1..])
        {
            (await Post($"households/{id}/members", new { customerId = member })).StatusCode.ShouldBe(HttpStatusCode.Created);
            (await Post($"households/{id}/members/{member}/accept")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        return id;
    }

    async Task<(Guid Customer, string State)[]> Members(Guid household) =>
        [
            .. (await room.Get($"households/{household}"))
                .GetProperty("members")
                .EnumerateArray()
                .Select(m => (m.GetProperty("customerId").GetGuid(), m.GetProperty("state").GetString()!)),
        ];

    static async Task Problem(HttpResponseMessage answer, int status, string code, string? field = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:" + code);
        if (field is not null)
            problem.GetProperty("field").GetString().ShouldBe(field);
    }

    async Task<long[]> Figures(Guid customer, string query = "")
    {
        var a = await room.Get($"accounts/{customer}{query}");
        long Of(string name) => a.GetProperty(name).GetInt64();
        Of("balance").ShouldBe(Of("earned") + Of("transferredIn") - Of("transferredOut") - Of("redeemed") - Of("expired") - Of("reversed"));
        Of("balance").ShouldBe(Of("available") + Of("pending") - Of("debt"));
        return [Of("balance"), Of("earned"), Of("transferredIn"), Of("transferredOut")];
    }

    [Fact]
    public async Task points_that_were_sent_are_on_the_other_account_in_both_statements_and_in_no_sum_twice()
    {
        var (ann, bob) = (await room.Customer(100, 50), await room.Customer(30));
        await Founded(ann, bob);
        var before = await room.Get("summary");
        var made = await Send(ann, bob, 120);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();

        var later = Uri.EscapeDataString(room.Clock.GetUtcNow().ToString("O"));
        foreach (var query in new[] { "", $"?asOf={later}" })
        {
            (await Figures(ann, query)).ShouldBe([30, 150, 0, 120]);
            (await Figures(bob, query)).ShouldBe([150, 30, 120, 0]);
        }
        var lots = (await room.Get($"accounts/{bob}"))
            .GetProperty("lots")
            .EnumerateArray()
            .Where(l => l.GetProperty("rule").GetString() == "transfer")
            .ToArray();
        var asOf = (await room.Get($"accounts/{bob}?asOf={later}"))
            .GetProperty("lots")
            .EnumerateArray()
            .Where(l => l.GetProperty("rule").GetString() == "transfer")
            .ToArray();
        lots.Select(l => (l.GetProperty("reference").GetGuid(), l.GetProperty("remaining").GetInt64())).ShouldBe([(id, 100), (id, 20)]);
        asOf.Select(l => l.ToString()).ShouldBe(lots.Select(l => l.ToString()));

        var after = await room.Get("summary");
        (
            after.GetProperty("balance").GetInt64(),
            after.GetProperty("pointsEarned").GetInt64(),
            after.GetProperty("pointsTransferred").GetInt64() - before.GetProperty("pointsTransferred").GetInt64()
        ).ShouldBe((before.GetProperty("balance").GetInt64(), before.GetProperty("pointsEarned").GetInt64(), 120));
        var listed = (await room.Get("accounts?limit=200"))
            .GetProperty("items")
            .EnumerateArray()
            .ToDictionary(a => a.GetProperty("customerId").GetGuid(), a => a.GetProperty("balance").GetInt64());
        (listed[ann], listed[bob]).ShouldBe((30, 150));

        await room.CatchUp();
        foreach (var (customer, other, points) in new[] { (ann, bob, -120L), (bob, ann, 120L) })
        {
            var entry = (await room.Get($"accounts/{customer}/statement?kind=transferred")).GetProperty("items").EnumerateArray().Single();
            (
                entry.GetProperty("points").GetInt64(),
                entry.GetProperty("reference").GetGuid(),
                entry.GetProperty("note").GetString()
            ).ShouldBe((points, id, other.ToString()));
            (await room.Get($"accounts/{customer}/statement"))
                .GetProperty("items")
                .EnumerateArray()
                .Sum(e => e.GetProperty("points").GetInt64())
                .ShouldBe(await room.Balance(customer));
            var said = (await room.Store.FetchStream(customer))
                .Select(e => LoyaltyFeed.Translate(e)?.Contract)
                .OfType<Contracts.PointsTransferred>()
                .Single();
            (said.CustomerId, said.TransferId, said.Points, said.Balance).ShouldBe((customer, id, points, await room.Balance(customer)));
        }
        (await room.Redeem(bob, 150)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task of_32_transfers_of_the_last_points_at_once_exactly_as_many_succeed_as_there_are_points()
    {
        var (ann, bob, cem) = (await room.Customer(470), await room.Customer(), await room.Customer());
        await Founded(ann, bob, cem);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Send(ann, i % 2 == 0 ? bob : cem, 50)));
        answers
            .CountBy(a => a.StatusCode)
            .ToDictionary()
            .ShouldBe(
                new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 9, [HttpStatusCode.UnprocessableEntity] = 23 },
                ignoreOrder: true
            );
        (await room.Balance(ann), await room.Balance(bob) + await room.Balance(cem)).ShouldBe((20, 450));
    }

    /// <summary>Two stores that know nothing of each other, as two processes: only the database is between them.</summary>
    [Fact]
    public async Task points_that_are_sent_around_in_a_circle_by_two_processes_stay_as_many()
    {
        var m = new[] { await room.Customer(300), await room.Customer(300), await room.Customer(300) };
        await Founded(m);
        var one = Process();
        var two = Process();
        var (limits, rules) = (room.Services.GetRequiredService<HouseholdRules>(), room.Services.GetRequiredService<LoyaltyRules>());
        await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(async i =>
                {
                    try
                    {
                        await (i % 2 == 0 ? one : two).Write(
                            new TransferPoints(100 + i, m[(i + 1) % 3]).Of(Guid.CreateVersion7(), m[i % 3], limits, rules, room.Clock)
                        );
                    }
                    catch (RuleViolationException refused) when (refused.Code == "insufficient-points") { }
                })
        );
        var balances = await Task.WhenAll(m.Select(room.Balance));
        balances.Sum().ShouldBe(900);
        balances.ShouldAllBe(b => b >= 0);
        (await Task.WhenAll(m.Select(c => Figures(c)))).Sum(f => f[2] - f[3]).ShouldBe(0);
    }

    [Fact]
    public async Task the_same_key_is_one_transfer_and_refusals_leave_no_trace()
    {
        var (ann, bob, stranger) = (await room.Customer(600), await room.Customer(), await room.Customer());
        await Founded(ann, bob);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Send(ann, bob, 100, key: "once")));
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        await Problem(await Send(ann, bob, 101, key: "once"), 409, "idempotency-key-reused");
        var facts = (await room.Store.FetchStream(ann)).Count;
        await Problem(await Send(ann, bob, 501), 422, "most-per-transfer", "points");
        await Problem(await Send(bob, ann, 101), 422, "insufficient-points", "points");
        await Problem(await Send(ann, stranger, 1), 422, "not-in-one-household", "toCustomerId");
        await Problem(await Send(ann, ann, 1), 422, "not-in-one-household", "toCustomerId");
        await Problem(await Send(ann, Guid.CreateVersion7(), 1), 404, "not-found");
        await Problem(await Send(Guid.CreateVersion7(), bob, 1), 404, "not-found");
        foreach (var points in new[] { 0, -5 })
            await Problem(await Send(ann, bob, points), 400, "invalid-request");
        ((await room.Store.FetchStream(ann)).Count, await room.Balance(ann), await room.Balance(bob)).ShouldBe((facts, 500, 100));
    }

    [Fact]
    public async Task a_member_is_in_one_household_at_most_however_many_they_accept_at_once()
    {
        var guest = await room.Customer();
        var households = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            households.Add(await Founded(await room.Customer()));
            (await Post($"households/{households[i]}/members", new { customerId = guest })).StatusCode.ShouldBe(HttpStatusCode.Created);
        }
        (await Post($"households/{households[0]}/members", new { customerId = guest })).StatusCode.ShouldBe(
            HttpStatusCode.OK,
            "invited already"
        );
        var answers = await Task.WhenAll(households.Select(h => Post($"households/{h}/members/{guest}/accept")));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await room.Get($"households?memberId={guest}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await Problem(await Post("households", new { headId = guest }), 422, "in-a-household", "headId");
    }

    [Fact]
    public async Task of_many_who_are_invited_at_once_no_more_enter_than_there_is_room_for()
    {
        var household = await Founded(await room.Customer());
        var guests = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => room.Customer()));
        var answers = await Task.WhenAll(guests.Select(g => Post($"households/{household}/members", new { customerId = g })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(3);
        foreach (var a in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            await Problem(a, 422, "household-full");
        await Problem(await Post($"households/{household}/members", new { customerId = household }), 404, "not-found");
        await Problem(await Post($"households/{Guid.CreateVersion7()}/members", new { customerId = guests[0] }), 404, "not-found");
        await Problem(await Post($"households/{household}/members/{await room.Customer()}/accept"), 422, "not-invited");
        (await room.Everything.GetAsync($"/api/loyalty/households/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Problem(await room.Everything.GetAsync("/api/loyalty/households?after=x"), 400, "invalid-request", "after");
    }

    [Fact]
    public async Task who_leaves_or_is_forgotten_sends_and_receives_nothing_any_more()
    {
        var (ann, bob, cem) = (await room.Customer(100), await room.Customer(100), await room.Customer(100));
        var household = await Founded(ann, bob, cem);
        (await Post($"households/{household}/members/{cem}/leave")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Problem(await Send(cem, bob, 1), 422, "not-in-one-household");
        await room.Hear("customers", new Contracts.CustomerForgotten(ann, LoyaltyRoom.Now));
        await Problem(await Send(bob, ann, 1), 422, "customer-forgotten", "toCustomerId");
        await Problem(await Send(ann, bob, 1), 422, "customer-forgotten");
        (await Members(household)).ShouldBe([(bob, "member")], "at once");
        await Task.WhenAll(room.RunDue<ReleaseForgotten>(), room.RunDue<ReleaseForgotten>());
        (await room.RunDue<ReleaseForgotten>()).ShouldBe(0);
        await Problem(await Send(bob, ann, 1), 422, "customer-forgotten");
        var shown = await room.Get($"households/{household}");
        (shown.GetProperty("headId").GetGuid(), await room.Balance(ann)).ShouldBe((bob, 100));
        (await room.Get($"customers/{ann}/personal"))
            .GetProperty("households")
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldBe(["belonging_began", "belonging_ended"]);
        (await Post("households", new { headId = cem })).StatusCode.ShouldBe(HttpStatusCode.Created, "who left may begin anew");
    }

    [Fact]
    public async Task views_built_anew_equal_the_live_ones()
    {
        var (ann, bob) = (await room.Customer(100), await room.Customer(20));
        await Founded(ann, bob);
        await Send(ann, bob, 60);
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

    EventStore Process() =>
        new(
            room.Db,
            new EventStoreOptions()
                .Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", 3)
                .Aggregate<Belonging, IBelongingEvent>("household_member")
                .Inline(new LedgerView()),
            room.Clock
        );
}
