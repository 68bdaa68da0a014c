using System.Text.Json;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>Takes over the latest published run, whichever replica published it, at start and from then on every second.</summary>
public sealed class RefreshYardsticks(NpgsqlDataSource db, Yardsticks yardsticks, SegmentationOptions options) : IPeriodic
{
    // Runs are published in the order of their as-of days; of one day, the one that counted most.
    public const string Latest = """
        from scoring_runs where publishes order by as_of desc, through desc limit 1
        """;

    public string Name => "refresh-yardsticks";
    public TimeSpan Every => options.RefreshEvery;
    public FirstRun First => FirstRun.BeforeRequests;

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var latest = await connection.QuerySingleOrDefaultAsync<Guid?>(
            new CommandDefinition("select run_id " + Latest, cancellationToken: ct)
        );
        if (latest is null || latest == yardsticks.Current.Run?.Id)
            return;
        var (rfm, abc) = await connection.QuerySingleAsync<(string, string)>(
            new CommandDefinition(
                "select rfm::text, abc::text from scoring_runs where run_id = @latest",
                new { latest },
                cancellationToken: ct
            )
        );
        yardsticks.Use(
            new(
                latest.Value,
                JsonSerializer.Deserialize<RfmScale>(rfm, EventStoreOptions.Json)!,
                JsonSerializer.Deserialize<AbcScale>(abc, EventStoreOptions.Json)!
            )
        );
    }
}
