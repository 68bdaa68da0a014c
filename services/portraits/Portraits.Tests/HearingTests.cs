using CrmPlatform.Portraits.Portraits;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Portraits.Tests;

/// <summary>Each fact counts once, in whatever order and how often it is heard.</summary>
[Collection("portraits")]
public sealed class HearingTests(PortraitsFixture fixture)
{
    IPacketHandler Handler => fixture.Services.GetRequiredService<IPacketHandler>();

    internal static Fact Earned(Guid customer, long points) =>
        PortraitsFixture.AsFact(
            "loyalty",
            new Contracts.PointsEarned(
                customer,
                Guid.CreateVersion7(),
                points,
                Guid.CreateVersion7(),
                1,
                PortraitsFixture.At("2028-03-01T15:00:00Z"),
                points,
                PortraitsFixture.At("2026-03-01T15:00:00Z")
            )
        );

    async Task<long> Points(Guid id) =>
        (await fixture.Portrait(id)).GetProperty("loyalty").GetProperty("points").GetProperty("value").GetInt64();

    [Fact]
    public async Task a_breach_that_was_excused_counts_until_that_was_told()
    {
        var (id, ticket, due) = (await fixture.Somebody(), Guid.CreateVersion7(), PortraitsFixture.At("2026-09-25T15:30:00Z"));
        await fixture.Hear(
            PortraitsFixture.AsFact("service-desk", new Contracts.SlaBreached(id, ticket, "first-response", due)),
            PortraitsFixture.AsFact("service-desk", new Contracts.SlaBreached(id, ticket, "resolution", due)),
            PortraitsFixture.AsFact("service-desk", new Contracts.BreachExcused(id, ticket, "resolution", due, due.AddDays(5)))
        );
        async Task<int> Breaches(string query) =>
            (await fixture.Portrait(id, query)).GetProperty("service").GetProperty("breaches").GetProperty("value").GetInt32();
        (await Breaches("")).ShouldBe(1);
        (await Breaches("?asOf=2026-09-29")).ShouldBe(2);
    }

    [Fact]
    public async Task a_fact_heard_twice_counts_once()
    {
        var id = await fixture.Somebody();
        var (one, two) = (Earned(id, 7), Earned(id, 5));
        await fixture.Hear(one);
        await fixture.Hear(one);
        await Handler.Handle([one, two, one, two], null, default);
        (await Points(id)).ShouldBe(12);
    }

    [Fact]
    public async Task processes_that_write_one_portrait_at_the_same_moment_lose_nothing()
    {
        var id = await fixture.Somebody();
        var facts = Enumerable.Range(0, 60).Select(_ => Earned(id, 1)).ToList();
        // Another process remembers another portrait: each has a table of its own.
        IPacketHandler Another() =>
            new PortraitsHearing(fixture.Db, new PortraitTable(fixture.Db, fixture.Services.GetRequiredService<Business>()));
        var handlers = new[] { Handler, Another(), Another() };
        await Parallel.ForEachAsync(
            facts.Chunk(3).SelectMany((chunk, n) => new[] { (chunk, handlers[n % 3]), (chunk, handlers[(n + 1) % 3]) }),
            new ParallelOptions { MaxDegreeOfParallelism = 3 },
            async (work, ct) =>
            {
                for (var tries = 0; ; tries++)
                    try
                    {
                        await work.Item2.Handle(work.chunk, null, ct);
                        return;
                    }
                    catch (Npgsql.PostgresException e) when (tries < 50 && e.SqlState is "22012" or "40P01")
                    {
                        await Task.Delay(Random.Shared.Next(20), ct);
                    } // as the consumer tries again
            }
        );
        (await Points(id)).ShouldBe(60);
    }

    [Fact]
    public async Task internal_facts_and_guests_leave_no_trace()
    {
        var (id, guest) = (await fixture.Somebody(), Guid.CreateVersion7());
        await fixture.Hear(
            "customers",
            new Contracts.ProfileChanged(
                id,
                "individual",
                "35-44",
                "female",
                null,
                null,
                "广东",
                "zh-CN",
                PortraitsFixture.At("2026-03-01T15:00:00Z")
            ),
            PortraitsFixture.Purchase(null, 20, "2026-03-01T15:00:00Z") with
            {
                PurchaseId = guest,
            }
        );
        (await fixture.Get($"/api/customers/{id}/timeline")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Count("select count(*) from timeline where data->>'purchaseId' = $1", guest.ToString())).ShouldBe(0);
    }

    [Fact]
    public async Task an_unreadable_fact_is_a_letter_and_keeps_only_its_customer_waiting()
    {
        var (broken, well) = (await fixture.Somebody(), await fixture.Somebody());
        var fact = Earned(broken, 7);
        var unreadable = fact with
        {
            Data = System.Text.Json.JsonSerializer.SerializeToElement(new { customerId = broken, points = "many" }),
        };
        await fixture.Hear(unreadable);
        await fixture.Hear(Earned(broken, 3));
        await fixture.Hear(Earned(well, 4));
        (await Points(well)).ShouldBe(4);
        (await fixture.Portrait(broken))
            .GetProperty("loyalty")
            .GetProperty("points")
            .ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var http = fixture.All();
        (
            await http.PostAsync(
                $"/api/portraits/dead-letters/{fact.EventId}/drop",
                new StringContent("""{"why":"sent by a broken test"}""", System.Text.Encoding.UTF8, "application/json")
            )
        ).EnsureSuccessStatusCode();
        (await Points(broken)).ShouldBe(3);
    }

    [Fact]
    public async Task a_portrait_of_an_earlier_fold_is_made_anew_from_its_timeline()
    {
        var id = await fixture.Somebody();
        await fixture.Hear(Earned(id, 7));
        await using (var old = fixture.Db.CreateCommand("update portrait set fold = 0, state = 'gibberish' where customer_id = $1"))
        {
            old.Parameters.Add(new() { Value = id });
            await old.ExecuteNonQueryAsync();
        }
        (await Points(id)).ShouldBe(7);
        // And so it is when something is heard, by a process that remembers nothing.
        var fresh = new PortraitsHearing(fixture.Db, new PortraitTable(fixture.Db, fixture.Services.GetRequiredService<Business>()));
        await fresh.Handle([Earned(id, 5)], null, default);
        (await Points(id)).ShouldBe(12);
        (await Count("select fold::bigint from portrait where customer_id = $1", id)).ShouldBe(PortraitState.Fold);
    }

    [Fact]
    public async Task what_a_newer_version_has_heard_counts_and_keeps_nothing_waiting()
    {
        var id = await fixture.Somebody();
        await using (
            var newer = fixture.Db.CreateCommand(
                """
                insert into timeline (event_id, customer_id, contract, occurred_at, recorded_at, data)
                    values (gen_random_uuid(), $1, 'sales.deal-won', now(), now(), '{}')
                """
            )
        )
        await using (var fold = fixture.Db.CreateCommand("update portrait set entries = 2, fold = 99 where customer_id = $1"))
        {
            foreach (var command in new[] { newer, fold })
            {
                command.Parameters.Add(new() { Value = id });
                await command.ExecuteNonQueryAsync();
            }
        }
        var older = new PortraitsHearing(fixture.Db, new PortraitTable(fixture.Db, fixture.Services.GetRequiredService<Business>()));
        await older.Handle([Earned(id, 5)], null, default);
        (await Points(id)).ShouldBe(5);
        (await fixture.Portrait(id)).GetProperty("events").GetInt32().ShouldBe(3);
        (await fixture.Get($"/api/customers/{id}/timeline?contract=sales.deal-won")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    async Task<long> Count(string sql, object value)
    {
        await using var command = fixture.Db.CreateCommand(sql);
        command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
