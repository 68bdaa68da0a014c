using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Compares what worker processes were told with what the database holds. Each question is one statement, so the workers go on meanwhile.
/// </summary>
sealed class CrashCheck(StoreFixture fixture)
{
    public const int WritersInAProcess = 8;
    static readonly TimeSpan patienceAtMost = TimeSpan.FromSeconds(60);

    /// <summary>The events with the numbers of their commands, and the message ids, which are derived from the numbers.</summary>
    static readonly string facts = $"""
        (select stream_id, number, (lpad(to_hex(number), 8, '0') || '-0000-0000-0000-000000000000')::uuid as message
         from (select stream_id, coalesce(data ->> 'item', data ->> 'number')::int as number from mt_events) e
         where number > {NumberedCommand.First}) f
        """;

    static readonly (string What, string Sql)[] questions =
    [
        (
            "streams with a gap",
            """
            select count(*) from mt_streams s
            full join (select stream_id, count(*) as n, min(version) as low, max(version) as high from mt_events group by 1) e
                on e.stream_id = s.id
            where (e.n, e.low, e.high) is distinct from (s.version, 1, s.version)
            """
        ),
        ("messages in the inbox without events", $"select count(*) from inbox where message_id not in (select message from {facts})"),
        ("wrong rows of the inline view", Differing("counts_inline", "true")),
        (
            "wrong rows of the async view",
            Differing("counts_async", "seq_id <= (select last_seq_id from mt_event_progression where name = 'counts-async')")
        ),
        (
            "events that the subscription has passed but not seen",
            """
            select count(*) from mt_events
            where seq_id <= (select last_seq_id from mt_event_progression where name = 'witness')
              and seq_id not in (select sequence from read.seen)
            """
        ),
        (
            "events whose first delivery came after that of a later event",
            """
            select count(*) from (
                select sequence, lag(sequence) over (order by n) as previous
                from (select sequence, min(n) as n from read.seen group by 1) firsts) s
            where sequence < previous
            """
        ),
        (
            "events that were seen but are not in the log",
            "select count(*) from read.seen where sequence not in (select seq_id from mt_events)"
        ),
        (
            "missing tables of views",
            "select 2 - count(*) from pg_tables where schemaname = 'read' and tablename in ('counts_inline', 'counts_async')"
        ),
    ];

    /// <summary>The writing processes of the test, in the order of their start.</summary>
    public List<WorkerProcess> Wrote { get; } = [];

    static string Differing(string view, string until) =>
        $"""
            select count(*) from read.{view} c
            full join (
                select stream_id, sum((data ->> 'quantity')::int) as items, count(*) as events
                from mt_events where type = 'item_added' and {until} group by 1) e on e.stream_id = c.id
            where (c.items, c.events) is distinct from (e.items, e.events)
            """;

    /// <summary>
    /// The numbers of acknowledged commands that are lost, and what else is wrong.
    /// </summary>
    public async Task<(List<int> Lost, List<string> Wrong)> Look()
    {
        var (acknowledged, wrong) = (Acknowledged(), new List<string>());
        var executed = await Patiently(db =>
            db.QueryAsync<(int Number, Guid[] Streams, bool InInbox)>(
                $"""
                select number, array_agg(stream_id), exists (select 1 from inbox where message_id = message)
                from {facts} group by number, message
                """
            )
        );
        foreach (var (number, streams, inInbox) in executed)
        {
            var command = new NumberedCommand(number);
            if (!streams.Order().SequenceEqual(command.Streams.Order()))
                wrong.Add($"command {number} was not recorded exactly once in each of its streams");
            if (inInbox != command.Message is not null)
                wrong.Add($"command {number} is {(inInbox ? "" : "not ")}in the inbox; expected {(inInbox ? "it not to be" : "it to be")}");
        }
        foreach (var (what, sql) in questions)
            if (await Ask<long>(sql) is not 0 and var count)
                wrong.Add($"{what}: {count}");
        return ([.. acknowledged.Except(executed.Select(e => e.Number))], wrong);
    }

    public HashSet<int> Acknowledged() =>
        [.. Wrote.SelectMany(w => w.Acknowledged).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    /// <summary>
    /// Messages that may have been sent but were not acknowledged: each writer of a process has at most one in flight.
    /// </summary>
    public List<int> ToSendAgain()
    {
        var acknowledged = Acknowledged();
        var processes = Enumerable
            .Range(1, Wrote.Count)
            .Select(seed => seed * NumberedCommand.First)
            .Concat(acknowledged)
            .GroupBy(n => n / NumberedCommand.First * NumberedCommand.First);
        return
        [
            .. processes
                .SelectMany(sent => Enumerable.Range(sent.Key + 1, sent.Max() - sent.Key + WritersInAProcess))
                .Except(acknowledged)
                .Where(n => new NumberedCommand(n).Message is not null),
        ];
    }

    public Task<T> Ask<T>(string sql) => Patiently(async db => (await db.ExecuteScalarAsync<T>(sql))!);

    /// <summary>Retries a query of the test until the database is back.</summary>
    async Task<T> Patiently<T>(Func<NpgsqlConnection, Task<T>> question)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(20))
            try
            {
                await using var connection = await fixture.Db.OpenConnectionAsync();
                return await question(connection);
            }
            catch (NpgsqlException e) when (e is not PostgresException { InvariantSeverity: "ERROR" } && patience.Elapsed < patienceAtMost)
            { }
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var patience = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            patience.Elapsed.ShouldBeLessThan(patienceAtMost);
    }
}
