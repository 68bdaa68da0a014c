using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Appends by hand, in a transaction that a test ends when it likes.</summary>
static class Inserts
{
    /// <summary>
    /// Makes a stream and returns the SQL of an insert as the store does it: the sequence number is drawn inside the statement, and nothing
    /// is written before.
    /// </summary>
    public static async Task<string> Insert(this StoreFixture fixture)
    {
        var id = Guid.CreateVersion7();
        await fixture.Scalar<int>("insert into mt_streams (id, type, version) values (@id, 'journal', 1) returning 1", new { id });
        return $$"""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), '{{id}}', 1, '{"number": 1}', 'noted', now())
            """;
    }

    public static async Task Run(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
