using System.ComponentModel;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>How promises were kept.</summary>
/// <param name="From">The period begins here.</param>
/// <param name="Until">It ends just before here.</param>
/// <param name="Opened">Tickets that were opened in the period; all other figures are about these.</param>
/// <param name="Solved">Those that are solved or closed now.</param>
/// <param name="Reopened">Those that came back after they were solved.</param>
/// <param name="FirstResponse">The promise of a first response.</param>
/// <param name="Resolution">The promise of a solution.</param>
/// <param name="Satisfaction">What the customers of these tickets answered.</param>
public sealed record DeskFigures(
    DateTimeOffset From,
    DateTimeOffset Until,
    long Opened,
    long Solved,
    long Reopened,
    PromiseFigures FirstResponse,
    PromiseFigures Resolution,
    SatisfactionSummary Satisfaction
);

/// <summary>How one of the two promises was kept.</summary>
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
                var row = await db.QuerySingle<Row>(
                    """
                    with t as (
                        select *, first_breached or first_due < @now as first_missed,
                            resolution_breached or resolution_due < @now as missed
                        from ticket_list where opened_at >= @from and opened_at < @until)
                    select count(*) as opened, count(*) filter (where resolved_at is not null) as solved,
                        count(*) filter (where reopened > 0) as reopened,
                        count(*) filter (where first_met_at is not null and not first_breached) as first_met,
                        count(*) filter (where first_missed) as first_missed,
                        percentile_disc(0.5) within group (order by first_minutes) as first_median,
                        percentile_disc(0.9) within group (order by first_minutes) as first_p90,
                        count(*) filter (where resolved_at is not null and not resolution_breached) as met,
                        count(*) filter (where missed) as missed,
                        percentile_disc(0.5) within group (order by business_minutes) filter (where resolved_at is not null) as median,
                        percentile_disc(0.9) within group (order by business_minutes) filter (where resolved_at is not null) as p90,
                        count(satisfaction) as answers, round(avg(satisfaction), 2) as mean,
                        round(avg((satisfaction >= 4)::int), 4) as top_two
                    from t
                    """,
                    new
                    {
                        from,
                        until,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
                return new DeskFigures(
                    From: from,
                    Until: until,
                    Opened: row.Opened,
                    Solved: row.Solved,
                    Reopened: row.Reopened,
                    FirstResponse: Promise(row.FirstMet, row.FirstMissed, row.FirstMedian, row.FirstP90),
                    Resolution: Promise(row.Met, row.Missed, row.Median, row.P90),
                    Satisfaction: new(row.Answers, row.Mean, row.TopTwo)
                );
            }
        );

    static PromiseFigures Promise(long met, long missed, int? median, int? p90) =>
        new(met, missed, met + missed == 0 ? null : Math.Round((decimal)met / (met + missed), 4), median, p90);

    sealed class Row
    {
        public long Opened { get; init; }
        public long Solved { get; init; }
        public long Reopened { get; init; }
        public long FirstMet { get; init; }
        public long FirstMissed { get; init; }
        public int? FirstMedian { get; init; }
        public int? FirstP90 { get; init; }
        public long Met { get; init; }
        public long Missed { get; init; }
        public int? Median { get; init; }
        public int? P90 { get; init; }
        public long Answers { get; init; }
        public decimal? Mean { get; init; }
        public decimal? TopTwo { get; init; }
    }
}
