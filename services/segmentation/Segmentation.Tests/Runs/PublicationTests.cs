using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Runs;
using CrmPlatform.Segmentation.Tests.Groups;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Runs;

/// <summary>Telling many customers of a run: in pages, and on from where it ended.</summary>
public class PublicationTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    const int Customers = 2_000;

    [Fact]
    public async Task a_publication_that_was_stopped_half_way_goes_on_and_tells_each_once()
    {
        var now = fixture.Clock.GetUtcNow();
        object[] purchases = [.. Enumerable.Range(1, Customers).Select(i => Purchase(Guid.CreateVersion7(), i, now.AddHours(-i)))];
        await fixture.Hear("customers", purchases);
        await fixture.CatchUp();
        var business = fixture.Services.GetRequiredService<Business>();
        var until = business.StartOf(business.DayOf(now).AddDays(1));
        await Everybody_is_read_in_pages(until);

        var run = await fixture
            .Services.GetRequiredService<Scoring>()
            .Score(new(TimeProvider.System), business.DayOf(now), Scoring.Decision, RunDefinition.Default, default);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        using (var publisher = ActivatorUtilities.CreateInstance<PublishRuns>(fixture.Services, lifetime))
        {
            var telling = publisher.Publish(run.Id);
            while (await Told(run.Id) == 0)
                await Task.Delay(1);
            lifetime.StopApplication();
            await Should.ThrowAsync<OperationCanceledException>(telling);
        }
        (await Told(run.Id)).ShouldBeInRange(1, Customers - 1, "stopped half-way");

        await fixture.Services.GetRequiredService<PublishRuns>().Publish(run.Id);
        await fixture.CatchUp();
        (await Told(run.Id)).ShouldBe(Customers);
        (await fixture.Db.Query<string>("select distinct grade from customer_scores order by 1", null, default)).ShouldBe(["A", "B", "C"]);
        (await Count("select count(*) from mt_events where type = 'rfm_scored' and data ->> 'runId' = @run", run.Id)).ShouldBe(Customers);
        (await Count("select count(*) from mt_events where type = 'abc_grade_changed' and data ->> 'runId' = @run", run.Id)).ShouldBe(
            Customers
        );
        var standing = (await fixture.Get($"runs/{run.Id}")).GetProperty("standing");
        (await fixture.Get($"runs/{run.Id}")).GetProperty("customersChanged").GetInt32().ShouldBe(Customers, "by both together");
        standing.EnumerateObject().Sum(g => g.Value.GetInt32()).ShouldBe(Customers);
    }

    /// <summary>No page is larger than was asked for, whatever is queried between them; together they are everybody.</summary>
    async Task Everybody_is_read_in_pages(DateTimeOffset until)
    {
        await using var connection = await fixture.Db.OpenConnectionAsync();
        List<Member> all;
        await using (var snapshot = await connection.BeginTransactionAsync())
            all = await Population.ReadAll(snapshot, until, until, long.MaxValue, default);
        var pages = new List<List<Member>>();
        await foreach (var page in Population.Pages(connection, until, until, long.MaxValue, 300, default))
        {
            pages.Add(page);
            (await connection.QuerySingleAsync<int>("select 1")).ShouldBe(1);
        }
        pages.Select(p => p.Count).ShouldBe([300, 300, 300, 300, 300, 300, 200]);
        pages.SelectMany(p => p).ShouldBe(all);
        (await connection.QuerySingleAsync<long>("select count(*) from pg_cursors where name = 'everybody'")).ShouldBe(0);
    }

    Task<long> Told(Guid run) =>
        Count("select count(distinct stream_id) from mt_events where type = 'rfm_scored' and data ->> 'runId' = @run", run);

    async Task<long> Count(string sql, Guid run)
    {
        await using var connection = await fixture.Db.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(sql, new { run = run.ToString() });
    }
}
