using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Sends commands one after the other, with slow transactions in between, some of which are rolled back. When the connection breaks, the
/// outcome of a command is unknown: one with a message id is sent again until it is answered, any other is given up.
/// </summary>
/// <param name="again">Commands of an earlier process, which are sent first.</param>
sealed class Writers(NpgsqlDataSource db, EventStore store, int seed, int slow, IEnumerable<int> again)
{
    readonly Queue<int> again = new(again);
    int last = seed * NumberedCommand.First;

    public Task Run(int writers, TimeSpan time)
    {
        var end = TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
        return Task.WhenAll(
            Enumerable
                .Range(0, writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        var random = new Random(seed * 1_000 + writer);
                        while (Next(end) is { } number)
                        {
                            if (await Send(new(number)))
                                Console.WriteLine(number); // a redirected console flushes every line
                            if (random.Next(6) == 0)
                                await Answered(Held(random.Next(2) == 0 ? "rollback" : "commit", random.Next(slow)));
                        }
                    })
                )
        );
    }

    int? Next(long end)
    {
        lock (again)
            return again.TryDequeue(out var number) ? number
                : TimeProvider.System.GetTimestamp() < end ? ++last
                : null;
    }

    async Task<bool> Send(NumberedCommand command)
    {
        while (!await Answered(command.Execute(store)))
        {
            if (command.Message is null)
                return false;
            await Task.Delay(100);
        }
        return true;
    }

    /// <summary>False when there was no connection or it broke. Any other failure ends the process.</summary>
    static async Task<bool> Answered(Task work)
    {
        try
        {
            await work;
            return true;
        }
        catch (NpgsqlException e) when (e is not PostgresException { InvariantSeverity: "ERROR" })
        {
            return false;
        }
    }

    /// <summary>An insert as the store does it: the sequence number is drawn inside the statement.</summary>
    async Task Held(string end, int milliseconds)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            """
            with s as (insert into mt_streams (id, type, version) values ($1, 'journal', 1) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{"number": 1}', 'noted', now() from s
            """,
            connection
        )
        {
            Parameters = { new() { Value = Guid.CreateVersion7() } },
        };
        await insert.ExecuteNonQueryAsync();
        await Task.Delay(milliseconds);
        await (end == "commit" ? transaction.CommitAsync() : transaction.RollbackAsync());
    }
}
