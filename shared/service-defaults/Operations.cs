using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Endpoints for operators in every service: status of followers, skipping an event, event counts, rebuilding a projection, refilling the
/// public stream.
/// </summary>
static class Operations
{
    /// <summary>Lets a follower skip the event that it is stuck at, with the reason for the record.</summary>
    /// <param name="Sequence">Number of the event that the follower is stuck at.</param>
    /// <param name="Why">Why it is skipped, 3 to 500 characters; recorded.</param>
    public sealed record Skip(long Sequence, string Why);

    /// <summary>A follower that goes on.</summary>
    /// <param name="Follower">Its name.</param>
    /// <param name="Sequence">Number of the event that it skips.</param>
    public sealed record Skipped(string Follower, long Sequence);

    /// <summary>A view that was rebuilt.</summary>
    /// <param name="Projection">Its name.</param>
    public sealed record Rebuilt(string Projection);

    public static void Map(IEndpointRouteBuilder app, string context)
    {
        var ops = app.MapGroup($"/api/{context}/ops").WithTags("ops");
        ops.MapGet("followers", (ProjectionDaemon daemon, CancellationToken ct) => daemon.Status(ct))
            .RequirePermission("ops.read")
            .WithName("GetFollowers")
            .WithSummary("How far each follower has processed the log")
            .WithDescription("Followers are projections and subscriptions: a stuck one names the event that it cannot process.");
        ops.MapPost(
                "followers/{name}/skip",
                async (
                    [Description("Name of the follower.")] string name,
                    Skip command,
                    Request request,
                    ProjectionDaemon daemon,
                    CancellationToken ct
                ) =>
                {
                    if (command.Why.Trim().Length is < 3 or > 500)
                        throw new BadRequestException("why", "a reason of 3 to 500 characters");
                    if (!(await daemon.Status(ct)).Any(f => f.Name == name))
                        return Answer.NotFound("follower", name);
                    await daemon.Skip(request, name, command.Sequence, command.Why.Trim());
                    return Results.Ok(new Skipped(name, command.Sequence));
                }
            )
            .RequirePermission("ops.skip")
            .WithName("SkipEvent")
            .WithSummary("Let a follower skip the event that it is stuck at")
            .WithDescription(
                "It is an operator's decision for the record: what the event would have changed is missing from the view afterwards."
            )
            .Produces<Skipped>()
            .Refuses("no-such-event", "follower-not-stuck");
        ops.MapGet(
                "events",
                async (NpgsqlDataSource db, CancellationToken ct) =>
                {
                    const string Sql = "select type, count(*) from mt_events where type <> 'tombstone' group by type order by type";
                    await using var command = db.CreateCommand(Sql);
                    var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
                    await using var rows = await command.ExecuteReaderAsync(ct);
                    while (await rows.ReadAsync(ct))
                        counts[rows.GetString(0)] = rows.GetInt64(1);
                    return counts;
                }
            )
            .RequirePermission("ops.read")
            .WithName("CountEvents")
            .WithSummary("How many events of each type the log holds")
            .WithDescription("By the name under which the type is stored.");
        ops.MapGet("erasures", (NpgsqlDataSource db, CancellationToken ct) => ErasureFile.Known(db, ct))
            .RequirePermission("ops.read")
            .WithName("GetErased")
            .WithSummary("Who was forgotten, and when")
            .WithDescription("Ids only, for a list outside of the databases: a backup may be older than an erasure.");
        ops.MapPost(
                "rebuild/{projection}",
                async (
                    [Description("Name of the view.")] string projection,
                    EventStore store,
                    ProjectionDaemon daemon,
                    CancellationToken ct
                ) =>
                {
                    if (!store.ProjectionNames.Contains(projection))
                        return Answer.NotFound("projection", projection);
                    await daemon.Rebuild(projection, ct);
                    return Results.Ok(new Rebuilt(projection));
                }
            )
            .RequirePermission("ops.rebuild")
            .WithName("RebuildProjection")
            .WithSummary("Rebuild a view from the log while it is read")
            .WithDescription("Returns when the view is complete and in use; until then the old one is read.")
            .Produces<Rebuilt>();
        ops.MapPost(
                "stream-refill",
                async (NpgsqlDataSource db, CancellationToken ct) =>
                {
                    await using var command = db.CreateCommand(
                        "update mt_event_progression set last_seq_id = 0, last_updated = now() where name = 'public-stream'"
                    );
                    await command.ExecuteNonQueryAsync(ct);
                    return Results.Accepted();
                }
            )
            .RequirePermission("ops.stream")
            .WithName("RefillStream")
            .WithSummary("Fill the public stream again from the log")
            .WithDescription("Every public fact is sent once more, in order; readers keep each message id once.")
            .Produces(StatusCodes.Status202Accepted);
    }

    /// <summary>Deletes idempotency keys after 7 days.</summary>
    internal sealed class Housekeeping(NpgsqlDataSource db, TimeProvider clock) : IPeriodic
    {
        public string Name => "housekeeping";
        public TimeSpan Every => TimeSpan.FromHours(1);

        public async Task Run(CancellationToken ct)
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            await Idempotency.Forget(connection, clock.GetUtcNow().AddDays(-7));
        }
    }
}
