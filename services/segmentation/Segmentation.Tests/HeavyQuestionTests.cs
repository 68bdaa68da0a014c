using System.Net;
using System.Net.Http.Json;
using Npgsql;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests;

/// <summary>Runs and their scores read everybody's purchases. A room of its own: its pool is exhausted.</summary>
public class HeavyQuestionTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task many_runs_at_once_leave_connections_to_others_and_are_told_to_wait()
    {
        // More than the pool has connections.
        const int Many = 90;
        using var http = fixture.Http("segmentation.read", "segmentation.run");
        await fixture.Hear("customers", Purchase(Guid.CreateVersion7(), 10, fixture.Clock.GetUtcNow().AddDays(-5)));
        await fixture.CatchUp();
        Task<HttpResponseMessage> Run() => http.PostAsJsonAsync("/api/segmentation/runs", new { });
        var scores = (await Run()).EnsureSuccessStatusCode().Headers.Location + "/scores";
        await fixture.CatchUp();
        await using var database = new NpgsqlConnection(fixture.Database.Admin);
        await database.OpenAsync();
        await using var held = await database.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table read.counted_purchases", database))
            await hold.ExecuteNonQueryAsync();

        var asked = Enumerable.Range(0, Many).Select(i => i % 2 == 0 ? Run() : http.GetAsync(scores)).ToList();
        // Those over the limit are answered while the others still wait for the table.
        await Answers.First(Many - 6, asked);
        (await http.GetAsync("/api/segmentation/segments")).StatusCode.ShouldBe(HttpStatusCode.OK, "a question of another table");
        await held.RollbackAsync();

        var answers = await Task.WhenAll(asked).WaitAsync(patience);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(6);
        var refused = answers.Where(a => a.StatusCode != HttpStatusCode.OK).ToList();
        refused.ShouldAllBe(a => a.StatusCode == HttpStatusCode.TooManyRequests && a.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        (await Run()).StatusCode.ShouldBe(HttpStatusCode.OK, "there is room again");
    }
}
