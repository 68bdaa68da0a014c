using CrmPlatform.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>Fills the benchmark's database with events before something is measured.</summary>
static class Seed
{
    /// <summary>Streams of ten events, made by the server: far faster than through any store, and unknown to all of them.</summary>
    public static Task<Guid[]> Streams(int streams) => Streams(streams, facts: 10);

    /// <summary>One stream of so many events.</summary>
    public static async Task<Guid> One(int facts) => (await Streams(1, facts))[0];

    static async Task<Guid[]> Streams(int streams, int facts)
    {
        var ids = Enumerable.Range(0, streams).Select(_ => Guid.CreateVersion7()).ToArray();
        object[] orders = [.. Enumerable.Range(0, 4).SelectMany(_ => Shopper.Initial.Order()).Take(10)];
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database.Server)
            {
                Database = Database.Name,
                Pooling = false,
                CommandTimeout = 600,
            }.ConnectionString
        );
        await connection.OpenAsync();
        await using var batch = new NpgsqlBatch(connection);
        new SqlBatch(batch)
            .Add("insert into mt_streams (id, type, version) select id, 'shopper', $2 from unnest($1::uuid[]) id", ids, (long)facts)
            .Add(
                """
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                select nextval('mt_events_sequence'), gen_random_uuid(), s.id, v,
                    ($2::jsonb[])[1 + v % 10], ($3::varchar[])[1 + v % 10], now()
                from unnest($1::uuid[]) with ordinality s(id, n), generate_series(1, $4) v
                order by s.n, v
                """,
                ids,
                new NpgsqlParameter { Value = orders.Select(Bare.Json).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                orders.Select(Bare.Type).ToArray(),
                facts
            );
        await batch.ExecuteNonQueryAsync();
        return ids;
    }

    /// <summary>So many streams with so many facts each.</summary>
    /// <param name="facts">SQL that gives v, type and data of the stream <c>s.id</c>.</param>
    /// <param name="more">Statements afterwards.</param>
    public static async Task Streams(string streamType, int streams, int each, string facts, params string[] more) =>
        await Database.Administer(
            Database.Name,
            [
                $"""
                insert into mt_streams (id, type, version)
                select gen_random_uuid(), '{streamType}', {each} from generate_series(1, {streams})
                """,
                $"""
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                select nextval('mt_events_sequence'), gen_random_uuid(), s.id, f.v, f.data, f.type, now()
                from mt_streams s cross join lateral ({facts}) f
                where s.type = '{streamType}' order by s.id, f.v
                """,
                "vacuum analyze mt_events, mt_streams",
                "checkpoint",
                .. more,
            ]
        );

    /// <summary>A log of so many events, in the state in which autovacuum would leave it.</summary>
    public static async Task Fill(long events)
    {
        const int Count = 10_000;
        for (var left = events; left > 0; left -= 10 * Count)
        {
            if (left % 1_000_000 == 0)
                Console.Error.WriteLine($"  filling the log: {left:N0} events to go");
            await Streams((int)Math.Min(Count, left / 10));
        }
        await Database.Administer(Database.Name, "vacuum analyze mt_events, mt_streams", "checkpoint");
    }
}
