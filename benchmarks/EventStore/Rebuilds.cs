using System.Diagnostics;
using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>A log with history, folded into one table: by the daemon that was away, and by a rebuild beside the table in use.</summary>
sealed class Rebuilds(Database database, Settings settings)
{
    public const string CatchUp = "catch-up of an async projection",
        Rebuild = "rebuild of an async projection";
    const string View = "spending",
        Place = "select last_seq_id from mt_event_progression where name = $1";

    public async Task<List<Row>> Run()
    {
        var events = settings.Quick ? 200_000L : 1_000_000L;
        var store = database.Store(o => o.Async(new Spending(View)));
        using var daemon = await database.Daemon(store); // known while the log is empty: otherwise Prepare would build it
        await Seed.Fill(events);
        var head = await database.Scalar<long>("select max(seq_id) from mt_events");

        var start = Stopwatch.GetTimestamp();
        var cpu = Cpu.Now();
        await daemon.StartAsync(default);
        while (await database.Scalar<long>(Place, View) < head)
            await Task.Delay(20); // daemon.CatchUp would hurry the follower on every turn
        var rows = new List<Row> { await Row(CatchUp, events, start, cpu) };
        if (settings.Wants(Rebuild))
        {
            (start, cpu) = (Stopwatch.GetTimestamp(), Cpu.Now());
            await daemon.Rebuild(View);
            rows.Add(await Row(Rebuild, events, start, cpu));
        }
        await daemon.StopAsync(default);
        return rows;
    }

    async Task<Row> Row(string work, long events, long start, Cpu before)
    {
        var (seconds, cpu) = (Stopwatch.GetElapsedTime(start).TotalSeconds, Cpu.Now() - before);
        var folded = (long)await database.Scalar<decimal>("select sum(events) from spending");
        if (folded != events)
            throw new InvalidOperationException($"{work}: {folded} of {events} events are in the view");
        var rate = events / seconds;
        return new(
            work,
            $"{events:N0} events",
            $"{Table.Rate(rate)} events/s",
            Goal: ">= 100,000 events/s",
            Met: rate >= 100_000,
            Server: Table.Number(cpu.Server * 1e6 / events, "0.0"),
            Client: Table.Number(cpu.Client * 1e6 / events, "0.0")
        );
    }
}
