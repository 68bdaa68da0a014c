using System.Data.Common;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>From what the figures of a period are counted: days that are added up, and the rows of all others.</summary>
sealed class FigureSource(Period period)
{
    // What happened to tickets since the view of days last moved is known by the log.
    static readonly string known = $"""
        with recursive {FigureDays.Opened("opened_at >= @From and opened_at < @End")},
        changed as (
            select {FigureDays.Day} as day from mt_events e join ticket_list t on t.ticket_id = e.stream_id
            where e.seq_id > (select last_seq_id from mt_event_progression where name = '{FigureDays.View}'))
        select o.day, f.day is not null as summed
        from opened o left join figure_days f on f.day = o.day and holds_from <= @AsOf and holds_until >= @AsOf
            and o.day::timestamp at time zone 'UTC' >= @From and (o.day + 1)::timestamp at time zone 'UTC' <= @End
            and o.day not in (select day from changed)
        where o.day is not null order by o.day
        """;

    public DateTimeOffset From => period.From;
    public DateTimeOffset Until => period.Until;
    public DateTimeOffset AsOf => period.AsOf;
    public string? Category => period.Category;

    /// <summary>Of what was opened later nothing was known.</summary>
    public DateTimeOffset End => period.Until <= period.AsOf ? period.Until : period.AsOf.AddTicks(10);

    /// <summary>Days that are added up.</summary>
    public DateOnly[] Days { get; private set; } = [];

    /// <summary>Where stretches of other days begin.</summary>
    public DateTime[] Begins { get; private set; } = [];

    /// <summary>Where they end.</summary>
    public DateTime[] Ends { get; private set; } = [];

    /// <summary>The rows of other days, of a table with <c>opened_at</c>.</summary>
    public string Rows(string table) =>
        Days.Length == 0
            ? AllRows(table)
            : $"""
                (select r.* from unnest(@Begins, @Ends) s (begins, ends)
                    cross join lateral (select * from {table} where opened_at >= begins and opened_at < ends) r) rows
                """;

    /// <summary>The rows of all days, of a table with <c>opened_at</c>.</summary>
    public static string AllRows(string table) =>
        $"(select * from {table} where opened_at >= @From and opened_at < @End and {Period.OfCategory}) rows";

    /// <summary>Days are added up for tickets of all categories only; and where most must be counted, all are.</summary>
    public static async Task<FigureSource> Of(Period period, DbConnection connection, CancellationToken ct)
    {
        var source = new FigureSource(period);
        if (period.Category is not null)
            return source;
        var days = (await connection.QueryAsync<Opened>(new CommandDefinition(known, source, cancellationToken: ct))).ToList();
        if (days.Count(d => d.Summed) * 2 > days.Count)
            source.Take(days);
        return source;
    }

    void Take(List<Opened> days)
    {
        var (begins, ends) = (new List<DateTime>(), new List<DateTime>());
        for (var i = 0; i < days.Count; i++)
        {
            if (days[i].Summed)
                continue;
            var (begin, end) = (
                days[i].Day.ToDateTime(default, DateTimeKind.Utc),
                days[i].Day.AddDays(1).ToDateTime(default, DateTimeKind.Utc)
            );
            if (i == 0 || days[i - 1].Summed)
                begins.Add(begin > From.UtcDateTime ? begin : From.UtcDateTime);
            else
                ends.RemoveAt(ends.Count - 1);
            ends.Add(end < End.UtcDateTime ? end : End.UtcDateTime);
        }
        (Days, Begins, Ends) = ([.. days.Where(d => d.Summed).Select(d => d.Day)], [.. begins], [.. ends]);
    }

    sealed record Opened(DateOnly Day, bool Summed);
}
