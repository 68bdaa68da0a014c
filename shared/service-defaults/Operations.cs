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
    public sealed record Skip(long Sequence, string Why);

    public static void Map(IEndpointRouteBuilder app, string context)
    {
        var ops = app.MapGroup($"/api/{context}/ops").WithTags("ops");
        ops.MapGet("followers", (ProjectionDaemon daemon, CancellationToken ct) => daemon.Status(ct)).RequirePermission("ops.read");
        ops.MapPost(
                "followers/{name}/skip",
                async (string name, Skip command, Request request, ProjectionDaemon daemon, CancellationToken ct) =>
                {
                    if (command.Why.Trim().Length is < 3 or > 500)
                        throw new BadRequestException("why", "a reason of 3 to 500 characters");
                    if (!(await daemon.Status(ct)).Any(f => f.Name == name))
                        return Answer.NotFound("follower", name);
                    await daemon.Skip(request, name, command.Sequence, command.Why.Trim());
                    return Results.Ok(new { follower = name, command.Sequence });
                }
            )
            .RequirePermission("ops.skip")
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
            .RequirePermission("ops.read");
        ops.MapGet("erasures", (NpgsqlDataSource db, CancellationToken ct) => ErasureFile.Known(db, ct)).RequirePermission("ops.read");
        ops.MapPost(
                "rebuild/{projection}",
                async (string projection, EventStore store, ProjectionDaemon daemon, CancellationToken ct) =>
                {
                    if (!store.ProjectionNames.Contains(projection))
                        return Answer.NotFound("projection", projection);
                    await daemon.Rebuild(projection, ct);
                    return Results.Ok(new { projection });
                }
            )
            .RequirePermission("ops.rebuild");
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
            .RequirePermission("ops.stream");
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
