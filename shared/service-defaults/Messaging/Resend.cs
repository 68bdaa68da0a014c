using System.ComponentModel;
using CrmPlatform.Contracts;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Sends the log again to a room that only reads, from the first event up to the feed's position at the time of the request; later events
/// are sent by the feed. The room stores each event once, in whatever order they arrive. The position is stored, so a resend continues
/// after a crash.
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
    /// A resend in progress: the events up to Position were sent again, those up to Until will be. Error is only the type of the last
    /// exception, because a message may quote personal data.
    /// </summary>
    /// <param name="Listener">The room that receives the log again.</param>
    /// <param name="Position">Number of the event up to which it was sent.</param>
    /// <param name="Until">Number of the event up to which it will be sent.</param>
    /// <param name="RequestedAt">When it was asked for.</param>
    /// <param name="Error">Type of the last exception; null if there is none.</param>
    public sealed record Underway(string Listener, long Position, long Until, DateTimeOffset RequestedAt, string? Error);

    public string Name => "resend";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var any = new CommandDefinition("select exists (select 1 from resends)", cancellationToken: ct);
        if (await connection.ExecuteScalarAsync<bool>(any))
            while (await Step(connection, ct)) { }
    }

    /// <summary>
    /// Sends one page for one listener while its row is locked: replicas never work on the same resend, and another one continues if a
    /// replica dies.
    /// </summary>
    /// <returns>False if no resend is waiting.</returns>
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
                log.Resent(position, row.Listener);
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

    /// <summary>Whether this room's log is being sent again to that listener; until that is done the listener is incomplete.</summary>
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
            .RequirePermission("ops.read")
            .WithName("GetResends")
            .WithSummary("Which rooms receive the log again, and how far that is")
            .WithDescription("Those that are done are not listed.");
        group
            .MapPost(
                "{listener}",
                async (
                    [Description("Name of that room: portraits.")] string listener,
                    NpgsqlDataSource db,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    if (!ContextMap.OnlyReads(listener))
                        return Answer.NotFound("read-only room", listener);
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
            .WithName("Resend")
            .WithSummary("Send the log again to a room that only reads")
            .WithDescription("The room stores each event once, however often it comes.")
            .Produces<Underway>(StatusCodes.Status202Accepted);
    }
}
