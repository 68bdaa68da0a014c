extern alias Portraits;

using System.Net.Http.Json;

namespace CrmPlatform.Platform.Tests;

/// <summary>Replicas of a room that only reads, in processes of their own.</summary>
public sealed class ReplicasTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task of_two_replicas_that_are_killed_in_turn_nothing_is_lost_or_counted_twice()
    {
        await using var database = await PortraitsRoom.Tables();
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:Postgres"] = database.App,
            ["ConnectionStrings:RabbitMq"] = shop.Vhost.Address,
            ["Services:Customers"] = "http://127.0.0.1:1",
        };
        RoomProcess[] replicas = [RoomProcess.Start<Portraits::Program>(settings), RoomProcess.Start<Portraits::Program>(settings)];
        try
        {
            var killing = Kill(replicas, () => RoomProcess.Start<Portraits::Program>(settings));
            var customers = new List<Guid>();
            for (var n = 0; n < 300 || !killing.IsCompleted; n++)
            {
                if (n % 10 == 0)
                    customers.Add(await shop.Register());
                await shop.Buy($"{n}", customers[n % customers.Count]);
            }
            await killing;
            await shop.Resend(); // nothing is new to it
            var told = (await shop.Ops.GetFromJsonAsync<Dictionary<string, long>>("/api/customers/ops/events"))!;
            (long, long) expected = (told["customer_registered"], told["purchase_made"]);
            await using var db = database.Open();
            for (var tries = 0; await Sums(db) is var sums && sums != expected; tries++)
            {
                tries.ShouldBeLessThan(1_200, $"{sums} of {expected}");
                await Task.Delay(50);
            }
            await Task.Delay(1_000);
            (await Sums(db)).ShouldBe(expected);
        }
        finally
        {
            foreach (var replica in replicas)
                await replica.DisposeAsync();
        }
    }

    static async Task Kill(RoomProcess[] replicas, Func<RoomProcess> start)
    {
        for (var round = 0; round < 6; round++)
        {
            await Task.Delay(2_500);
            await replicas[round % 2].DisposeAsync();
            replicas[round % 2] = start();
        }
    }

    /// <summary>Portraits, and the purchases in them.</summary>
    static async Task<(long, long)> Sums(Npgsql.NpgsqlDataSource db)
    {
        await using var command = db.CreateCommand(
            """
            select count(*), coalesce(sum((convert_from(state, 'UTF8')::json->'purchases'->>'value')::bigint), 0)::bigint from portrait
            """
        );
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
