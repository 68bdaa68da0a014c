using CrmPlatform.Testing;
using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Transactions that draw a sequence number, and commit or roll back some steps later.</summary>
sealed class SlowWriters(TestDatabase database) : IAsyncDisposable
{
    readonly List<(Guid Stream, NpgsqlConnection Connection, int Until, bool Commits)> open = [];

    /// <summary>The streams of those that committed.</summary>
    public List<Guid> Committed { get; } = [];

    public async Task Begin(int until, bool commits)
    {
        var id = Guid.CreateVersion7();
        var connection = new NpgsqlConnection(database.Admin);
        open.Add((id, connection, until, commits));
        await connection.OpenAsync();
        await connection.ExecuteAsync("insert into mt_streams (id, type, version) values (@id, 'journal', 1)", new { id });
        await connection.ExecuteAsync(
            """
            begin;
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), @id, 1, '{"number": -1}', 'noted', now())
            """,
            new { id }
        );
    }

    /// <summary>Ends those whose last step was before this one.</summary>
    public async Task End(int step)
    {
        foreach (var (id, connection, until, commits) in open.ToArray())
        {
            if (until >= step)
                continue;
            await connection.ExecuteAsync(commits ? "commit" : "rollback");
            if (commits)
                Committed.Add(id);
            open.RemoveAll(s => s.Stream == id);
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, connection, _, _) in open)
            await connection.DisposeAsync();
    }
}
