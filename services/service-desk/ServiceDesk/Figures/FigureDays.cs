using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>
/// View of figures that are added up already: for the tickets that were opened on a day of UTC, and for all instants from
/// <c>holds_from</c> up to and including <c>holds_until</c>. <see cref="SumDays"/> writes it; what happens to a ticket takes its day away.
/// </summary>
public sealed class FigureDays : IProjection
{
    /// <summary>The day of a row with <c>opened_at</c>.</summary>
    public const string Day = "(opened_at at time zone 'UTC')::date";

    public const string View = "figure-days";

    /// <summary>
    /// A recursive query <c>opened</c>: each <c>day</c> on which tickets were opened, by one look into the index; null after the last.
    /// </summary>
    /// <param name="within">Which tickets count: a condition on <c>opened_at</c>.</param>
    internal static string Opened(string within) =>
        $"""
            opened as (
                (select {Day} as day from ticket_list where {within} order by opened_at limit 1)
                union all
                select (
                    select {Day} from ticket_list where opened_at >= (o.day + 1)::timestamp at time zone 'UTC' and {within}
                    order by opened_at limit 1)
                from opened o where o.day is not null)
            """;

    public string Name => View;

    // promises: minutes of those that were kept. spans: microseconds; of those that run, how many, and the sum of when they began.
    public string Ddl =>
        """
            create table if not exists figure_days (
                day date primary key, holds_from timestamptz not null, holds_until timestamptz not null,
                answers bigint not null, score bigint not null, top_two bigint not null);
            create table if not exists figure_day_promises (
                day date not null references figure_days on delete cascade, clock text not null, count bigint not null,
                met bigint not null, missed bigint not null, kept bigint not null, untouched bigint not null, reopened bigint not null,
                reopened_kept bigint not null, minutes int[] not null, primary key (day, clock));
            create table if not exists figure_day_spans (
                day date not null references figure_days on delete cascade, state text not null, ended numeric not null,
                running bigint not null, running_from numeric not null, primary key (day, state));
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<ITicketEvent>(
            (page, sql) =>
                sql.Add(
                    $"delete from figure_days where day in (select {Day} from ticket_list where ticket_id = any($1))",
                    page.Select(e => e.StreamId).Distinct().ToArray()
                )
        );
}
