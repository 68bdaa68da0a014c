using System.Diagnostics;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Figures;
using CrmPlatform.ServiceDesk.Queue;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDeskBenchmarks;

/// <summary>Figures of all tickets, beside counting the rows that they are made of; and the first page of the queue.</summary>
static class Figures
{
    static readonly DateTimeOffset from = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset until = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        if (!settings.Wants("figures") && !settings.Wants("queue"))
            return;
        var tickets = (int)(settings.Events ?? (settings.Quick ? 100_000 : 1_000_000));
        var open = Math.Min(tickets, 100_000);
        await Fill(tickets, open);
        if (settings.Wants("figures"))
        {
            var now = TimeProvider.System.GetUtcNow();
            var adding = Stopwatch.GetTimestamp();
            await new SumDays(database.Db, TimeProvider.System).Run(default);
            var added = Stopwatch.GetElapsedTime(adding).TotalSeconds;
            foreach (var (what, asOf) in ((string, DateTimeOffset)[])[("as of now", now), ("as of a month ago", now.AddDays(-30))])
            {
                var (seconds, opened) = await Median(asOf, useDays: true);
                var goal = 1.0 * tickets / 1_000_000;
                rows.Add(
                    new(
                        $"figures of {opened:N0} tickets {what}",
                        "c = 1",
                        $"{seconds:0.00} s",
                        Goal: $"<= {goal:0.##} s",
                        Met: seconds <= goal
                    )
                );
            }
            var (whole, _) = await Median(now, useDays: false);
            rows.Add(new("figures: the same without days that are added up", "c = 1", $"{whole:0.00} s"));
            var bare = Stopwatch.GetTimestamp();
            await database.Scalar<long>("select (select count(minutes) from promises) + (select count(until_at) from ticket_spans)");
            var counted = Stopwatch.GetElapsedTime(bare).TotalSeconds;
            rows.Add(new("figures: counting the rows that they are made of", "c = 1", $"{counted:0.00} s"));
            rows.Add(new("figures: adding up all days, once", "c = 1", $"{added:0.0} s"));
        }
        if (settings.Wants("queue"))
        {
            var slice = await Slice.Run(
                1,
                settings.StoreSlice * 5,
                async _ => await GetQueue.Page(null, null, null, 50, null, database.Db, TimeProvider.System, [], default)
            );
            rows.Add(
                new(
                    $"queue: first page of {open:N0} open tickets",
                    "c = 1",
                    $"{Table.Rate(slice.PerSecond)}/s",
                    Table.Number(slice.P50),
                    Table.Number(slice.P99),
                    Goal: "p99 <= 10 ms",
                    Met: slice.P99 <= 10
                )
            );
        }

        async Task<(double Seconds, long Opened)> Median(DateTimeOffset asOf, bool useDays)
        {
            var (times, opened) = (new List<double>(), 0L);
            for (var i = 0; i <= settings.Rounds; i++)
            {
                var started = Stopwatch.GetTimestamp();
                opened = (await GetFigures.Of(database.Db, new(from, until, asOf), default, useDays)).Opened;
                times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            return (times[1..].Order().ElementAt(settings.Rounds / 2), opened);
        }
    }

    /// <summary>Six years of tickets; the latest are open, some of them waiting. Most solutions take hours, some weeks.</summary>
    static async Task Fill(int tickets, int open)
    {
        await using var owner = new Npgsql.NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await using var tables = new Npgsql.NpgsqlCommand(
            $"""
            create schema if not exists read; grant usage on schema read to bench_app;
            set search_path = read; {new TicketList().Ddl}; {new PromiseList().Ddl}; {new TicketSpans().Ddl}; {new Satisfactions().Ddl};
            {new FigureDays().Ddl}
            {new Standings().Ddl}; {new TierLadder().Ddl}; {new GroupsView().Ddl}; {new TicketQueue().Ddl}
            grant select, insert, update, delete on all tables in schema read to bench_app;
            insert into public.mt_event_progression (name, last_seq_id) values ('figure-days', 0);
            create temp table t as
                select n, md5('t' || n)::uuid as id, md5('c' || n % {tickets / 3})::uuid as customer,
                    timestamptz '2021-01-01' + n * interval '5 years 11 months' / {tickets} as at,
                    interval '1 minute' * exp(2 + 6 * (n::bigint * 7919 % 1000003) / 1000003.0) as took,
                    n > {tickets - open} as is_open
                from generate_series(1, {tickets}) n;
            insert into ticket_list (ticket_id, customer_id, kind, category, priority, channel, status, opened_at, first_due_at, first_due,
                    resolution_due, resolved_at, satisfaction)
                select id, customer, 'request', 'invoice', 'normal', 'email',
                    case when not is_open then 'closed' when n % 4 = 0 then 'waiting' else 'open' end,
                    at, at + interval '8 hours', case when is_open and n % 5 = 0 then now() + n % 5000 * interval '1 minute' end,
                    case when is_open and n % 4 > 0 then now() + (n % 20000 - 5000) * interval '1 minute' end,
                    case when not is_open then at + took end, case when not is_open and n % 3 = 0 then 1 + n % 5 end
                from t;
            insert into satisfactions (ticket_id, number, opened_at, score, answered_at)
                select id, 1, at, 1 + n % 5, at + took from t where not is_open and n % 3 = 0;
            insert into customer_standings (customer_id, tier)
                select distinct customer, (array['Bronze', 'Silver', 'Gold', 'Platinum'])[1 + n % 4] from t on conflict do nothing;
            insert into tier_ladder values ('Bronze', 0), ('Silver', 500), ('Gold', 2000), ('Platinum', 9000);
            insert into ticket_queue (ticket_id, customer_id, kind, priority, agent, opened_at, opened_tier, due_at, overlong_at, waits,
                    tier, class, class_from, class_until)
                select q.*, {TicketQueue.Tier}, {QueueOrder.ClassAt("now()")}, now(), {QueueOrder.ClassEnds("now()")} from (
                    select ticket_id, customer_id, kind, priority, agent, opened_at, tier as opened_tier, {QueueOrder.DueAt} as due_at,
                        {QueueOrder.OverlongAt} as overlong_at, {QueueOrder.Waits} as waits
                    from ticket_list where status in ('open', 'waiting')) q;
            insert into promises (ticket_id, clock, number, opened_at, started_at, due_at, met_at, minutes, breached_at)
                select id, 'first-response', 1, at, at, null, at + took / 10, extract(epoch from took / 600)::int,
                    case when took > interval '80 hours' then at + interval '8 hours' end from t
                union all
                select id, 'resolution', 1, at, at, case when is_open then at + interval '9 days' end,
                    case when not is_open then at + took end,
                    case when not is_open then extract(epoch from took / 60)::int end,
                    case when took > interval '24 hours' then at + interval '24 hours' end from t
                union all
                select id, 'next-update', 1, at, at + interval '2 hours', null, at + interval '3 hours', 60, null from t where n % 5 = 0;
            insert into ticket_spans (ticket_id, number, state, opened_at, from_at, until_at)
                select id, 1, 'active', at, at, case when not is_open then at + took / 2 end from t
                union all select id, 2, 'solved', at, at + took / 2, at + took from t where not is_open
                union all select id, 3, 'closed', at, at + took, null from t where not is_open;
            analyze ticket_list; analyze ticket_queue; analyze promises; analyze ticket_spans;
            analyze satisfactions
            """,
            owner
        )
        {
            CommandTimeout = 900,
        };
        await tables.ExecuteNonQueryAsync();
    }
}
