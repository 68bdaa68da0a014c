using System.Text.Json;
using CrmPlatform.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>
/// The yardstick: one prepared autocommit insert of the same facts, serialized as the store serializes them, into a table with the store's
/// columns, indexes and foreign key. It writes no stream row (those that the key asks for are made before, outside of the measurement) and
/// checks nothing.
/// </summary>
sealed class Bare(NpgsqlDataSource db)
{
    const string Columns = "insert into bare_events (seq_id, id, stream_id, version, data, type, timestamp)";
    const string ByUnnest = $"""
        {Columns} select nextval('bare_sequence'), e.id, e.stream, e.version, e.data, e.type, $6
        from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::jsonb[], $5::varchar[]) e(id, stream, version, data, type)
        """;
    const string ByValues = $"""
        {Columns} values (nextval('bare_sequence'), $3, $1, 1, $4, $5, $2), (nextval('bare_sequence'), $6, $1, 2, $7, $8, $2),
        (nextval('bare_sequence'), $9, $1, 3, $10, $11, $2)
        """;

    const int Enough = 60_000;

    Guid[] streams = [];
    int taken;

    /// <summary>Makes rows for the streams of the next slice.</summary>
    public async Task Stock()
    {
        Guid[] more = [.. Enumerable.Range(0, Math.Min(Enough, Enough - streams.Length + taken)).Select(_ => Guid.CreateVersion7())];
        await using var command = db.CreateCommand("insert into bare_streams select unnest($1::uuid[])");
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Uuid, more);
        await command.ExecuteNonQueryAsync();
        (streams, taken) = ([.. streams.Skip(taken), .. more], 0);
    }

    Guid NewStream() => streams[Interlocked.Increment(ref taken) - 1];

    public static byte[] Json(object fact) => JsonSerializer.SerializeToUtf8Bytes(fact, fact.GetType(), EventStoreOptions.Json);

    public static string Type(object fact) =>
        fact switch
        {
            OrderPlaced => "order_placed",
            LineAdded => "line_added",
            _ => "order_paid",
        };

    /// <summary>One order by a statement with a row of parameters for each fact.</summary>
    public async Task Values()
    {
        await using var command = db.CreateCommand(ByValues);
        Add(command, NpgsqlDbType.Uuid, NewStream());
        Add(command, NpgsqlDbType.TimestampTz, TimeProvider.System.GetUtcNow());
        foreach (var fact in Shopper.Initial.Order())
        {
            Add(command, NpgsqlDbType.Uuid, Guid.CreateVersion7());
            Add(command, NpgsqlDbType.Jsonb, Json(fact));
            Add(command, NpgsqlDbType.Varchar, Type(fact));
        }
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>So many orders, each on a stream of its own, by one statement over arrays.</summary>
    public async Task Unnest(int orders)
    {
        var n = 3 * orders;
        var (ids, streams, versions, data, types) = (new Guid[n], new Guid[n], new long[n], new byte[n][], new string[n]);
        for (var (order, i) = (0, 0); order < orders; order++)
        {
            var stream = NewStream();
            foreach (var fact in Shopper.Initial.Order())
            {
                (ids[i], streams[i], versions[i], data[i], types[i]) = (Guid.CreateVersion7(), stream, i % 3 + 1, Json(fact), Type(fact));
                i++;
            }
        }
        await using var command = db.CreateCommand(ByUnnest);
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Uuid, ids);
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Uuid, streams);
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Bigint, versions);
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Jsonb, data);
        Add(command, NpgsqlDbType.Array | NpgsqlDbType.Varchar, types);
        Add(command, NpgsqlDbType.TimestampTz, TimeProvider.System.GetUtcNow());
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The smallest durable transaction: what the disk and one round trip cost.</summary>
    public async Task Commit()
    {
        await using var command = db.CreateCommand("insert into bare_commits values ($1)");
        Add(command, NpgsqlDbType.Uuid, Guid.CreateVersion7());
        await command.ExecuteNonQueryAsync();
    }

    static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
}
