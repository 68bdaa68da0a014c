using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>How promises were kept.</summary>
/// <param name="From">The period begins here.</param>
/// <param name="Until">It ends just before here.</param>
/// <param name="Opened">Tickets that were opened in the period; all other figures are about these.</param>
/// <param name="Solved">Those that are solved or closed now.</param>
/// <param name="Reopened">Those that came back after they were solved.</param>
/// <param name="FirstResponse">The promise of a first response.</param>
/// <param name="Acknowledgement">The promise of an acknowledgement, of complaints.</param>
/// <param name="NextUpdate">The promise of an answer whenever the customer wrote again.</param>
/// <param name="Resolution">The promise of a solution.</param>
/// <param name="Satisfaction">What the customers of these tickets answered.</param>
public sealed record DeskFigures(
    DateTimeOffset From,
    DateTimeOffset Until,
    long Opened,
    long Solved,
    long Reopened,
    PromiseFigures FirstResponse,
    PromiseFigures Acknowledgement,
    PromiseFigures NextUpdate,
    PromiseFigures Resolution,
    SatisfactionSummary Satisfaction
);

/// <summary>How one of the promises was kept.</summary>
/// <param name="Met">Kept in time.</param>
/// <param name="Missed">Broken, or due by now and not kept. What is open and not due yet is neither met nor missed.</param>
/// <param name="Attainment">Share of met among met and missed, 0 to 1 with four decimals; null if there is neither.</param>
/// <param name="MedianMinutes">Business minutes that half of those that were answered or solved took at most (nearest rank); null if there
/// is none.</param>
/// <param name="P90Minutes">Business minutes that nine in ten of them took at most; null if there is none.</param>
public sealed record PromiseFigures(long Met, long Missed, decimal? Attainment, int? MedianMinutes, int? P90Minutes);

/// <summary>How the desk kept its promises about the tickets of a period, as it is known now.</summary>
public static class GetFigures
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "figures",
            "How promises about the tickets that were opened in a period were kept",
            "service-desk.read",
            async (
                [Description("Tickets that were opened from here on.")] DateTimeOffset from,
                [Description("Tickets that were opened before here.")] DateTimeOffset until,
                NpgsqlDataSource db,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                if (until <= from)
                    throw new BadRequestException("until", "later than from");
                var period = new
                {
                    from,
                    until,
                    now = clock.GetUtcNow(),
                };
                var tickets = await db.QuerySingle<TicketCounts>(
                    """
                    select count(*) as opened, count(*) filter (where resolved_at is not null) as solved,
                        count(*) filter (where reopened > 0) as reopened,
                        count(satisfaction) as answers, round(avg(satisfaction), 2) as mean,
                        round(avg((satisfaction >= 4)::int), 4) as top_two
                    from ticket_list where opened_at >= @from and opened_at < @until
                    """,
                    period,
                    ct
                );
                var promises = (
                    await db.Query<PromiseCounts>(
                        """
                        select clock, count(*) filter (where met_at is not null and breached_at is null) as met,
                            count(*) filter (where breached_at is not null or due_at < @now) as missed,
                            percentile_disc(0.5) within group (order by minutes) as median,
                            percentile_disc(0.9) within group (order by minutes) as p90
                        from promises where opened_at >= @from and opened_at < @until and undone_at is null
                        group by clock
                        """,
                        period,
                        ct
                    )
                ).ToDictionary(p => p.Clock, p => p.Figures);
                PromiseFigures Kept(string clock) => promises.GetValueOrDefault(clock, new(0, 0, null, null, null));
                return new DeskFigures(
                    From: from,
                    Until: until,
                    Opened: tickets.Opened,
                    Solved: tickets.Solved,
                    Reopened: tickets.Reopened,
                    FirstResponse: Kept(Promises.FirstResponse),
                    Acknowledgement: Kept(Promises.Acknowledgement),
                    NextUpdate: Kept(Promises.NextUpdate),
                    Resolution: Kept(Promises.Resolution),
                    Satisfaction: new(tickets.Answers, tickets.Mean, tickets.TopTwo)
                );
            }
        );

    sealed record TicketCounts(long Opened, long Solved, long Reopened, long Answers, decimal? Mean, decimal? TopTwo);

    sealed record PromiseCounts(string Clock, long Met, long Missed, int? Median, int? P90)
    {
        public PromiseFigures Figures =>
            new(Met, Missed, Met + Missed == 0 ? null : Math.Round((decimal)Met / (Met + Missed), 4), Median, P90);
    }
}
