extern alias Loyalty;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.Testing;
using Dapper;

namespace CrmPlatform.Platform.Tests;

/// <summary>A poisonous event in a room's log: seen on loyalty, the same code in every room.</summary>
public sealed class FollowerTests(Room<Loyalty::Program> room) : IClassFixture<Room<Loyalty::Program>>
{
    HttpClient Ops => room.Http("ops.read", "ops.skip", "loyalty.read");

    [Fact]
    public async Task health_and_followers_name_a_poison_event_until_an_operator_skips_it()
    {
        var customer = Guid.CreateVersion7();
        await room.Hear("customers", new CustomerRegistered(customer, "individual", null, room.Clock.GetUtcNow().AddDays(-9)));
        await room.CatchUp();
        var poison = await Poison();
        var stuck = await Until(all => all.Count(f => f.State == "stuck") == 4);
        stuck
            .Where(f => f.State == "stuck")
            .ShouldAllBe(f => f.StuckAt == poison && f.Error == "JsonException" && f.Holder!.StartsWith("crm-loyalty@"));
        foreach (var health in new[] { "/health/ready", "/health/lag" })
        {
            var answer = await room.Anonymous().GetFromJsonAsync<JsonElement>(health);
            answer.GetProperty("status").GetString().ShouldBe("Degraded");
            foreach (var follower in stuck.Where(f => f.State == "stuck"))
                answer
                    .GetProperty("checks")
                    .GetProperty("followers")
                    .GetProperty("description")
                    .GetString()!
                    .ShouldContain($"{follower.Name} is stuck at event {poison}: JsonException");
        }

        await Refused(HttpStatusCode.NotFound, "not-found", "nobody", new { sequence = poison, why = "a test" });
        await Refused(HttpStatusCode.BadRequest, "invalid-request", "feed", new { sequence = poison, why = "  " });
        await Refused(HttpStatusCode.BadRequest, "invalid-request", "feed", new { sequence = poison });
        await Refused(HttpStatusCode.BadRequest, "invalid-request", "feed", new { sequence = "five", why = "a test" });
        await Refused(HttpStatusCode.BadRequest, "invalid-request", "feed", new { sequence = poison, why = "nul \0 nul" });
        await Refused(HttpStatusCode.UnprocessableEntity, "no-such-event", "feed", new { sequence = 999_999, why = "a test" });
        await Refused(HttpStatusCode.UnprocessableEntity, "no-such-event", "feed", new { sequence = -1, why = "a test" });
        await Refused(HttpStatusCode.UnprocessableEntity, "follower-not-stuck", "feed", new { sequence = poison - 1, why = "a test" });

        foreach (var follower in stuck.Where(f => f.State == "stuck"))
            for (var twice = 0; twice < 2; twice++)
                (
                    await Ops.PostAsJsonAsync(
                        $"/api/loyalty/ops/followers/{follower.Name}/skip",
                        new { sequence = poison, why = "not written by us" }
                    )
                ).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Until(all => all.All(f => f.State == "running"));
        await room.CatchUp();
        (await room.Anonymous().GetFromJsonAsync<JsonElement>("/health/lag")).GetProperty("status").GetString().ShouldBe("Healthy");

        await using var db = await room.Db.OpenConnectionAsync();
        var record = (
            await db.QueryAsync<(string Follower, string Type, string Why, string Actor)>(
                """
                select data ->> 'follower', data ->> 'type', data ->> 'why', headers ->> 'actor'
                from mt_events where type = 'follower_skipped' order by 1
                """
            )
        ).ToList();
        record.ShouldBe(
            stuck
                .Where(f => f.State == "stuck")
                .Select(f => f.Name)
                .Order()
                .Select(name => (name, "points_earned", "not written by us", "tester"))
        );
    }

    /// <summary>An event that no code here can read.</summary>
    async Task<long> Poison()
    {
        await using var db = await room.Db.OpenConnectionAsync();
        return await db.ExecuteScalarAsync<long>(
            """
            with s as (insert into mt_streams (id, type, version) values (gen_random_uuid(), 'loyalty_account', 1) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '7', 'points_earned', now() from s returning seq_id
            """
        );
    }

    async Task Refused(HttpStatusCode status, string code, string follower, object body)
    {
        var answer = await Ops.PostAsJsonAsync($"/api/loyalty/ops/followers/{follower}/skip", body);
        answer.StatusCode.ShouldBe(status, JsonSerializer.Serialize(body));
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:crm:" + code);
    }

    async Task<List<Row>> Until(Func<List<Row>, bool> condition)
    {
        for (var tries = 0; ; tries++)
        {
            var all = (await Ops.GetFromJsonAsync<List<Row>>("/api/loyalty/ops/followers"))!;
            if (condition(all))
                return all;
            tries.ShouldBeLessThan(500, string.Join('\n', all));
            await Task.Delay(20);
        }
    }

    sealed record Row(string Name, string State, long? StuckAt, string? Error, string? Holder);
}
