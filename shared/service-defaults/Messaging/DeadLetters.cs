using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Facts that could not be processed (dead), and later facts of the same customer that wait behind them (parked).</summary>
public sealed partial class DeadLetters(NpgsqlDataSource db, ILogger<DeadLetters> log)
{
    internal const string Ddl = """
        ;create table if not exists dead_letters (
            position bigint generated always as identity primary key,
            event_id uuid not null unique,
            subject uuid not null,
            contract text not null,
            fact jsonb not null,
            state text not null check (state in ('dead', 'parked', 'dropped')),
            error text,
            why text,
            decided_by text,
            received_at timestamptz not null default now());
        create index if not exists dead_letters_open on dead_letters (subject) where state <> 'dropped';
        grant select, insert, update, delete on dead_letters to :app
        """;

    /// <summary>Rolls back (division by zero) if a customer of these facts has an open dead letter: they must go one by one then.</summary>
    internal static void RefuseIfOpen(IReadOnlyList<Fact> facts, SqlBatch sql) =>
        sql.Add(
            "select 1 / (case when exists (select 1 from dead_letters where subject = any($1) and state <> 'dropped') then 0 else 1 end)",
            (object)facts.Select(f => f.Subject).Distinct().ToArray()
        );

    /// <summary>Processes one fact; parks it if its customer has an open dead letter, and makes it a dead letter if it fails.</summary>
    internal async Task Guarded(Fact fact, Func<Task> process, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await Lock(connection, fact.Subject);
        var waits = await connection.ExecuteScalarAsync<bool>(
            "select exists (select 1 from dead_letters where subject = @Subject and state <> 'dropped')",
            new { fact.Subject }
        );
        if (waits)
            await Keep(connection, fact, "parked", null);
        else
            try
            {
                await process();
            }
            catch (Exception e) when (!PacketConsumer.IsPassing(e))
            {
                log.DeadLetter(e, fact.Contract, fact.EventId, fact.Correlation);
                await Keep(connection, fact, "dead", Reason(e));
            }
        await tx.CommitAsync(ct);
    }

    /// <summary>Retries a dead letter, then the facts parked behind it, in order.</summary>
    /// <returns>How many facts were processed; null when there is no such dead letter.</returns>
    internal async Task<int?> Replay(Guid eventId, Func<Fact, Task> process, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var subject = await connection.ExecuteScalarAsync<Guid?>(
            "select subject from dead_letters where event_id = @eventId and state = 'dead'",
            new { eventId }
        );
        if (subject is null)
            return null;
        await Lock(connection, subject.Value);
        var done = await Drain(connection, subject.Value, process);
        await tx.CommitAsync(ct);
        return done;
    }

    /// <summary>Drops a dead letter, recording who did so and why, and processes the facts parked behind it.</summary>
    internal async Task<int?> GiveUp(Guid eventId, string why, string? by, Func<Fact, Task> process, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var subject = await connection.ExecuteScalarAsync<Guid?>(
            """
            update dead_letters set state = 'dropped', why = @why, decided_by = @by
            where event_id = @eventId and state = 'dead' returning subject
            """,
            new
            {
                eventId,
                why,
                by,
            }
        );
        if (subject is null)
            return null;
        await Lock(connection, subject.Value);
        log.DeadLetterDropped(eventId, by);
        var done = await Drain(connection, subject.Value, process);
        await tx.CommitAsync(ct);
        return done;
    }

    internal async Task<Page<DeadLetter>> List(int limit, string? after, CancellationToken ct)
    {
        var from =
            after is null ? 0
            : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) ? cursor
            : throw new BadRequestException("after", "the cursor of the page before");
        var rows = await db.Query<(
            long Position,
            Guid EventId,
            Guid Subject,
            string Contract,
            string State,
            string? Error,
            string? Why,
            DateTime At
        )>(
            """
            select position, event_id, subject, contract, state, error, why, received_at
            from dead_letters where position > @from order by position limit @limit + 1
            """,
            new { from, limit },
            ct
        );
        return Page.Of(
            rows,
            limit,
            r => new DeadLetter(r.EventId, r.Subject, r.Contract, r.State, r.Error, r.Why, r.At),
            r => r.Position.ToString(CultureInfo.InvariantCulture)
        );
    }

    /// <summary>
    /// Only one process works on a customer's letters at a time. Otherwise a fact could be parked behind a letter that is being resolved,
    /// and would stay parked.
    /// </summary>
    static Task Lock(NpgsqlConnection connection, Guid subject) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@subject, 1))", new { subject = subject.ToString() });

    static Task Keep(NpgsqlConnection connection, Fact fact, string state, string? error, string? why = null) =>
        connection.ExecuteAsync(
            """
            insert into dead_letters (event_id, subject, contract, fact, state, error, why)
                values (@EventId, @Subject, @Contract, @json::jsonb, @state, @error, @why)
            on conflict (event_id) do nothing
            """,
            new
            {
                fact.EventId,
                fact.Subject,
                fact.Contract,
                json = JsonSerializer.Serialize(fact, EventStoreOptions.Json),
                state,
                error,
                why,
            }
        );

    async Task<int> Drain(NpgsqlConnection connection, Guid subject, Func<Fact, Task> process)
    {
        var done = 0;
        foreach (
            var (position, json) in (
                await connection.QueryAsync<(long, string)>(
                    "select position, fact::text from dead_letters where subject = @subject and state <> 'dropped' order by position",
                    new { subject }
                )
            ).AsList()
        )
        {
            var fact = JsonSerializer.Deserialize<Fact>(json, EventStoreOptions.Json)!;
            try
            {
                await process(fact);
            }
            catch (Exception e) when (!PacketConsumer.IsPassing(e))
            {
                await connection.ExecuteAsync(
                    "update dead_letters set state = 'dead', error = @error where position = @position",
                    new { position, error = Reason(e) }
                );
                return done;
            }
            await connection.ExecuteAsync("delete from dead_letters where position = @position", new { position });
            done++;
        }
        log.DeadLetterResolved(done);
        return done;
    }

    static string Reason(Exception e) =>
        e is RuleViolationException rule ? $"{rule.Code}: {rule.Message}" : $"{e.GetType().Name}: {e.Message}";
}
