namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>
/// Adds up the figures of days that are over: those that nobody has added up yet, or for which time has passed what was added. Late, never,
/// or on several replicas: the figures are the same.
/// </summary>
public sealed class SumDays(NpgsqlDataSource db, TimeProvider clock) : IPeriodic
{
    static readonly string wanted = $"""
        with recursive {FigureDays.Opened("opened_at < @today")}
        select day from opened o
        where day is not null and not exists (select 1 from figure_days f where f.day = o.day and holds_until > @now)
        """;

    // While the row is held, the view of days does not move: what is added up here without having been seen there takes the day away later.
    const string Hold = $"select 1 from mt_event_progression where name = '{FigureDays.View}' for update";

    const string Rows = "where opened_at >= @From and opened_at < @Until";

    const string Day = $"""
        with known as (
            select max(greatest(started_at, met_at, breached_at, excused_at, undone_at, transferred_at,
                    case when due_at < @AsOf then due_at + interval '1 microsecond' end)) as at,
                min(case when due_at >= @AsOf then due_at end) as due
            from promises {Rows}
            union all select max(greatest(from_at, until_at)), null from ticket_spans {Rows}
            union all select max(greatest(answered_at, undone_at)), null from satisfactions {Rows}),
        answered as (
            select count(*) as answers, coalesce(sum(score), 0) as score, count(*) filter (where score >= 4) as top_two
            from satisfactions {Rows} and undone_at is null)
        insert into figure_days (day, holds_from, holds_until, answers, score, top_two)
        select {Key}, max(at), coalesce(min(due), 'infinity'), answers, score, top_two from known cross join answered
        group by answers, score, top_two having max(at) <= @AsOf
        """;

    const string Key = "(@From at time zone 'UTC')::date";

    static readonly string promises = $"""
        insert into figure_day_promises (day, clock, count, met, missed, kept, untouched, reopened, reopened_kept, minutes)
        select {Key}, clock, count(*), count(*) filter (where kept and not missed), count(*) filter (where missed),
            count(*) filter (where kept), count(*) filter (where kept and untouched), count(*) filter (where reopened),
            count(*) filter (where kept and reopened),
            coalesce(array_agg(minutes order by minutes) filter (where kept and minutes is not null), '{"{}"}')
        from ({GetFigures.Counted($"(select * from promises {Rows}) rows")}) p where exists (select 1 from figure_days where day = {Key})
        group by clock
        """;

    const string Spans = $"""
        insert into figure_day_spans (day, state, ended, running, running_from)
        select {Key}, state, coalesce(extract(epoch from sum(until_at - from_at)) * 1000000, 0), count(*) filter (where until_at is null),
            coalesce(sum(extract(epoch from from_at) * 1000000) filter (where until_at is null), 0)
        from ticket_spans {Rows} and state <> 'closed' and exists (select 1 from figure_days where day = {Key}) group by state
        """;

    public string Name => "figure-days";
    public TimeSpan Every => TimeSpan.FromMinutes(1);
    public FirstRun First => FirstRun.AtOnce;

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUniversalTime();
        var today = new DateTimeOffset(now.Date, TimeSpan.Zero);
        foreach (var day in await db.Query<DateOnly>(wanted, new { now, today }, ct))
        {
            var begins = new DateTimeOffset(day, default, TimeSpan.Zero);
            var period = new Period(begins, begins.AddDays(1), now);
            await using var connection = await db.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            foreach (var sql in (string[])[Hold, $"delete from figure_days where day = {Key}", Day, promises, Spans])
                await connection.ExecuteAsync(new CommandDefinition(sql, period, cancellationToken: ct));
            await transaction.CommitAsync(ct);
        }
    }
}
