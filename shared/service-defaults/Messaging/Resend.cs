using CrmPlatform.Contracts;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Sends the log once more to a room that only reads, from the first event up to where the feed was when that was asked for; what is
/// recorded since, the feed sends. The room keeps each event once, in whatever order it hears them. A place is kept, so it goes on after a
/// crash.
/// </summary>
public sealed class Resend(NpgsqlDataSource db, EventStore store, Outgoing outgoing, Feed feed, ILogger<Resend> log) : IPeriodic
{
    const int PageSize = 2_000;

    internal const string Ddl = """
        ;create table if not exists resends (
            listener text primary key,
            position bigint not null,
            until bigint not null,
            requested_at timestamptz not null,
            error text);
        grant select, insert, update, delete on resends to :app
        """;

    /// <summary>
    /// What is under way: the events up to Position were sent again, those up to Until will be. Error is the kind of what keeps it from
    /// going on: a message may quote what must not be kept.
    /// </summary>
    public sealed record Underway(string Listener, long Position, long Until, DateTimeOffset RequestedAt, string? Error);

    public string Name => "resend";
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        while (await Step(connection, ct)) { }
    }

    /// <summary>
    /// A page for one listener, under its row's lock: replicas take turns, and one that is killed is followed by another.
    /// </summary>
    /// <returns>Whether there was anything to do.</returns>
    async Task<bool> Step(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var row = await connection.QueryFirstOrDefaultAsync<(string Listener, long Position, long Until)>(
            new CommandDefinition(
                "select listener, position, until from resends order by requested_at limit 1 for update skip locked",
                cancellationToken: ct
            )
        );
        if (row.Listener is null)
            return false;
        try
        {
            var (events, position) = await store.ReadLog(row.Position, PageSize, outgoing.Handles, ct);
            string[] listener = [row.Listener];
            await feed.Send(events, contract => ContextMap.Hears(row.Listener, contract) ? listener : [], ct);
            var done = position == row.Position || position >= row.Until;
            await connection.ExecuteAsync(
                new CommandDefinition(
                    done
                        ? "delete from resends where listener = @Listener"
                        : "update resends set position = @position, error = null where listener = @Listener",
                    new { row.Listener, position },
                    cancellationToken: ct
                )
            );
            await transaction.CommitAsync(ct);
            if (done)
                log.LogInformation("All events up to {Position} were sent again to {Listener}", position, row.Listener);
            return true;
        }
        catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    "update resends set error = @error where listener = @Listener",
                    new { row.Listener, error = e.GetType().Name },
                    cancellationToken: ct
                )
            );
            await transaction.CommitAsync(ct);
            throw;
        }
    }

    /// <summary>Whether this room's log is being sent again to that listener, which does not have all of it then.</summary>
    public static async Task<bool> IsUnderway(NpgsqlConnection connection, string listener) =>
        await connection.ExecuteScalarAsync<bool>("select exists (select 1 from resends where listener = @listener)", new { listener });

    internal static void Map(IEndpointRouteBuilder app, string context)
    {
        var group = app.MapGroup($"/api/{context}/ops/resends").WithTags("ops");
        group
            .MapGet(
                "",
                async (NpgsqlDataSource db, CancellationToken ct) =>
                {
                    await using var connection = await db.OpenConnectionAsync(ct);
                    return (
                        await connection.QueryAsync<Underway>(
                            new CommandDefinition(
                                "select listener, position, until, requested_at as RequestedAt, error from resends order by listener",
                                cancellationToken: ct
                            )
                        )
                    ).AsList();
                }
            )
            .RequirePermission("ops.read");
        group
            .MapPost(
                "{listener}",
                async (string listener, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
                {
                    if (!ContextMap.OnlyReads(listener))
                        return Answer.NotFound("room that only reads,", listener);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    return Results.Accepted(
                        $"/api/{context}/ops/resends",
                        await connection.QuerySingleAsync<Underway>(
                            new CommandDefinition(
                                """
                                insert into resends (listener, position, until, requested_at)
                                    select @listener, 0, coalesce(max(last_seq_id), 0), @now from mt_event_progression where name = 'feed'
                                on conflict (listener) do update set (position, until, requested_at, error) = (0, excluded.until,
                                    excluded.requested_at, null)
                                returning listener, position, until, requested_at as RequestedAt, error
                                """,
                                new { listener, now = clock.GetUtcNow() },
                                cancellationToken: ct
                            )
                        )
                    );
                }
            )
            .RequirePermission("ops.rebuild")
            .Produces<Underway>(StatusCodes.Status202Accepted);
    }
}
