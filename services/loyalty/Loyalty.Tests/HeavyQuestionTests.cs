using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>
/// Previews and exports that last long leave the room's connections to others. A room of its own: its pool is exhausted.
/// </summary>
public class HeavyQuestionTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    /// <summary>More than the pool has connections.</summary>
    const int Many = 45;

    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    static HttpRequestMessage Preview(bool rules) =>
        new(HttpMethod.Post, "/api/loyalty/" + (rules ? "rules/preview" : "tiers/schemes/preview"))
        {
            Content = rules
                ? JsonContent.Create(
                    new
                    {
                        rules = new[]
                        {
                            new
                            {
                                name = "base",
                                perUnit = 2,
                                valid = new { count = 24 },
                            },
                        },
                    }
                )
                : JsonContent.Create(
                    new { effectiveFrom = LoyaltyRoom.Now.AddDays(30), scheme = new { tiers = new[] { new { name = "Jade", from = 0 } } } }
                ),
        };

    [Fact]
    public async Task many_previews_at_once_leave_connections_to_others_and_are_told_to_wait()
    {
        await room.Customer(100);
        using var http = room.Everything;
        await using var database = new NpgsqlConnection(room.Database.Admin);
        await database.OpenAsync();
        await using var held = await database.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table read.ledger_account, read.tier_standing", database))
            await hold.ExecuteNonQueryAsync();

        var asked = Enumerable.Range(0, Many).Select(i => http.SendAsync(Preview(rules: i % 2 == 0))).ToList();
        // Those over the limit are answered while the others still wait for the tables.
        await Answers.First(Many - 4, asked);
        (await http.GetAsync("/api/loyalty/rewards")).StatusCode.ShouldBe(HttpStatusCode.OK, "a question of another table");
        await held.RollbackAsync();

        var answers = await Task.WhenAll(asked).WaitAsync(patience);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(4);
        var refused = answers.Where(a => a.StatusCode != HttpStatusCode.OK).ToList();
        refused.ShouldAllBe(a => a.StatusCode == HttpStatusCode.TooManyRequests && a.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        (await http.SendAsync(Preview(rules: true))).StatusCode.ShouldBe(HttpStatusCode.OK, "there is room again");
    }

    [Fact]
    public async Task many_measures_at_once_leave_connections_to_others_and_are_told_to_wait()
    {
        await room.Customer(100);
        using var http = room.Everything;
        await using var database = new NpgsqlConnection(room.Database.Admin);
        await database.OpenAsync();
        await using var held = await database.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table read.measure_member", database))
            await hold.ExecuteNonQueryAsync();

        string[] kinds = ["measures", "measures/liability", "measures/cohorts", "measures/liability/events"];
        var asked = Enumerable.Range(0, 2 * Many).Select(i => http.GetAsync("/api/loyalty/" + kinds[i % kinds.Length])).ToList();
        await Answers.First(asked.Count - 16, asked);
        (await http.GetAsync("/api/loyalty/rewards")).StatusCode.ShouldBe(HttpStatusCode.OK, "a question of another table");
        await held.RollbackAsync();

        var answers = await Task.WhenAll(asked).WaitAsync(patience);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(16);
        var refused = answers.Where(a => a.StatusCode != HttpStatusCode.OK).ToList();
        refused.ShouldAllBe(a => a.StatusCode == HttpStatusCode.TooManyRequests && a.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        foreach (var kind in kinds)
            (await http.GetAsync("/api/loyalty/" + kind)).StatusCode.ShouldBe(HttpStatusCode.OK, "there is room again");
    }

    [Fact]
    public async Task exports_whose_readers_are_slow_hold_no_connection()
    {
        var customer = Guid.CreateVersion7();
        // More than the buffers between a reader and the room hold.
        for (var i = 0; i < 10; i++)
            await room.Hear(
                "customers",
                [.. Enumerable.Range(0, 200).Select(n => LoyaltyRoom.Purchase(customer, 10, LoyaltyRoom.Now.AddHours(-i * 200 - n)))]
            );
        await room.CatchUp();
        using var http = room.Everything;
        var free = await Free();
        var asked = await Task.WhenAll(
            Enumerable
                .Range(0, Many)
                .Select(i => i % 2 == 0 ? "exports/statements?format=ndjson" : $"accounts/{customer}/statement/export?format=ndjson")
                .Select(path => http.GetAsync("/api/loyalty/" + path, HttpCompletionOption.ResponseHeadersRead))
        );
        var (reading, refused) = (
            asked.Where(a => a.StatusCode == HttpStatusCode.OK).ToList(),
            asked.Where(a => a.StatusCode != HttpStatusCode.OK).ToList()
        );
        reading.Count.ShouldBe(12);
        refused.ShouldAllBe(a => a.StatusCode == HttpStatusCode.TooManyRequests && a.Headers.RetryAfter!.Delta > TimeSpan.Zero);

        (await Free()).ShouldBeGreaterThan(free - reading.Count / 2, "each would hold one");
        foreach (var answer in reading)
        {
            var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines
                .Count(l => l.Contains(customer.ToString(), StringComparison.Ordinal) && l.Contains("\"earned\"", StringComparison.Ordinal))
                .ShouldBe(2_000);
            answer.Dispose();
        }
        (await http.GetAsync($"/api/loyalty/accounts/{customer}/statement/export")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>How many connections of the room's pool are in nobody's hands.</summary>
    async Task<int> Free()
    {
        var held = new List<NpgsqlConnection>();
        try
        {
            while (true)
            {
                using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                held.Add(await room.Db.OpenConnectionAsync(soon.Token));
            }
        }
        catch (OperationCanceledException)
        {
            return held.Count;
        }
        finally
        {
            foreach (var connection in held)
                await connection.DisposeAsync();
        }
    }
}
