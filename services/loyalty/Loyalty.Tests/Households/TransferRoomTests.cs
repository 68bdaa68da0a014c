using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Households;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Loyalty.Tests.Households.HouseholdWords;

namespace CrmPlatform.Loyalty.Tests.Households;

/// <summary>Points that go from one member to another, over the real database.</summary>
public class TransferRoomTests(HouseholdRoom room) : IClassFixture<HouseholdRoom>
{
    [Fact]
    public async Task points_that_were_sent_are_in_both_statements_and_in_no_sum_twice()
    {
        var (ann, bob) = (await room.Customer(100, 50), await room.Customer(30));
        await room.Founded(ann, bob);
        var before = await room.Get("summary");
        var made = await room.Send(ann, bob, 120);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();

        var later = Uri.EscapeDataString(room.Clock.GetUtcNow().ToString("O"));
        foreach (var query in new[] { "", $"?asOf={later}" })
        {
            (await room.Figures(ann, query)).ShouldBe([30, 150, 0, 120]);
            (await room.Figures(bob, query)).ShouldBe([150, 30, 120, 0]);
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
    public async Task of_32_transfers_at_once_as_many_succeed_as_there_are_points()
    {
        var (ann, bob, cem) = (await room.Customer(470), await room.Customer(), await room.Customer());
        await room.Founded(ann, bob, cem);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => room.Send(ann, i % 2 == 0 ? bob : cem, 50)));
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
        await room.Founded(m);
        var one = room.Process();
        var two = room.Process();
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
        (await Task.WhenAll(m.Select(c => room.Figures(c)))).Sum(f => f[2] - f[3]).ShouldBe(0);
    }

    [Fact]
    public async Task the_same_key_is_one_transfer_and_refusals_leave_no_trace()
    {
        var (ann, bob, stranger) = (await room.Customer(600), await room.Customer(), await room.Customer());
        await room.Founded(ann, bob);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => room.Send(ann, bob, 100, key: "once")));
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        await Problem(await room.Send(ann, bob, 101, key: "once"), 409, "idempotency-key-reused");
        var facts = (await room.Store.FetchStream(ann)).Count;
        await Problem(await room.Send(ann, bob, 501), 422, "most-per-transfer", "points");
        await Problem(await room.Send(bob, ann, 101), 422, "insufficient-points", "points");
        await Problem(await room.Send(ann, stranger, 1), 422, "not-in-one-household", "toCustomerId");
        await Problem(await room.Send(ann, ann, 1), 422, "not-in-one-household", "toCustomerId");
        await Problem(await room.Send(ann, Guid.CreateVersion7(), 1), 404, "not-found");
        await Problem(await room.Send(Guid.CreateVersion7(), bob, 1), 404, "not-found");
        foreach (var points in new[] { 0, -5 })
            await Problem(await room.Send(ann, bob, points), 400, "invalid-request");
        ((await room.Store.FetchStream(ann)).Count, await room.Balance(ann), await room.Balance(bob)).ShouldBe((facts, 500, 100));
    }
}
