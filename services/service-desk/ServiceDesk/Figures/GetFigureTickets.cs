using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>One that is counted in a figure.</summary>
/// <param name="TicketId">The ticket.</param>
/// <param name="Number">Which of the ticket's promises with this clock: of solutions and next updates there may be several.</param>
/// <param name="StartedAt">When it was promised.</param>
/// <param name="MetAt">When it was kept; null if it was not by then.</param>
/// <param name="BreachedAt">When it was broken; null if it was not by then, or is late and not recorded yet.</param>
/// <param name="Minutes">Business minutes that it took; null if it was not kept by then.</param>
/// <param name="ExcusedAt">When the breach was excused, because a calendar was corrected; null if it was not by then.</param>
public sealed record FigureTicket(
    Guid TicketId,
    int Number,
    DateTimeOffset StartedAt,
    DateTimeOffset? MetAt,
    DateTimeOffset? BreachedAt,
    int? Minutes,
    DateTimeOffset? ExcusedAt
);

/// <summary>Which tickets are behind a figure.</summary>
static class GetFigureTickets
{
    // By the same conditions as the counts.
    static readonly Dictionary<string, (string? Clock, string Condition)> figures = new()
    {
        ["opened"] = (Promises.FirstResponse, "true"),
        ["solved"] = (Promises.Resolution, "met_at <= @asOf"),
        ["first-contact"] = (Promises.Resolution, "met_at <= @asOf and number = 1 and coalesce(transferred_at > @asOf, true)"),
        ["reopened"] = (Promises.Resolution, "number > 1"),
        ["met"] = (null, $"met_at <= @asOf and not {PromiseList.Broken}"),
        ["missed"] = (null, $"({PromiseList.Broken} or (coalesce(met_at > @asOf, true) and due_at < @asOf))"),
    };

    static readonly string[] promises = [Promises.Acknowledgement, Promises.FirstResponse, Promises.NextUpdate, Promises.Resolution];

    public static void Map(CrmService room) =>
        room.MapGet(
            "figures/tickets",
            "The tickets behind a figure: as many as it counts",
            "service-desk.read",
            async (
                [Description("Tickets that were opened from here on.")] DateTimeOffset from,
                [Description("Tickets that were opened before here.")] DateTimeOffset until,
                [Description("As it was at this instant; now if left out.")] DateTimeOffset? asOf,
                [Description("opened, solved, first-contact, reopened, met or missed.")] string figure,
                [Description("Of met and missed: acknowledgement, first-response, next-update or resolution.")] string? promise,
                [Description("Only tickets about this.")] string? category,
                int? limit,
                [Description("The 'next' of the page before.")] string? after,
                NpgsqlDataSource db,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                var (period, size) = (Period.Of(from, until, asOf, clock, category), PageLimit.Of(limit));
                var of = figures[QueryWord.OneOf("figure", figure, figures.Keys)!];
                if (of.Clock is null)
                    QueryWord.OneOf("promise", promise ?? "", promises);
                else if (promise is not null)
                    throw new BadRequestException("promise", "left out unless figure is met or missed");
                var cursor = Cursor(after);
                var rows = await db.Query<FigureTicket>(
                    $"""
                    select ticket_id, number, started_at, case when met_at <= @asOf then met_at end as met_at,
                        case when breached_at <= @asOf then breached_at end as breached_at,
                        case when met_at <= @asOf then minutes end as minutes,
                        case when excused_at <= @asOf then excused_at end as excused_at
                    from promises where clock = @clock and opened_at >= @from and opened_at < @until and started_at <= @asOf
                        and (undone_at is null or undone_at > @asOf) and {Period.OfCategory} and {of.Condition}
                        and (@ticket::uuid is null or (ticket_id, number) > (@ticket, @number))
                    order by ticket_id, number limit @size + 1
                    """,
                    new
                    {
                        period.From,
                        period.Until,
                        period.AsOf,
                        period.Category,
                        clock = of.Clock ?? promise,
                        ticket = cursor?.Ticket,
                        number = cursor?.Number ?? 0,
                        size,
                    },
                    ct
                );
                return Page.Of(rows, size, r => $"{r.TicketId}.{r.Number}");
            }
        );

    static (Guid Ticket, int Number)? Cursor(string? after) =>
        after is null ? null
        : after.Split('.') is [var ticket, var number]
        && Guid.TryParse(ticket, out var id)
        && int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n)
            ? (id, n)
        : throw new BadRequestException("after", "the 'next' of the page before");
}
