using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>All tickets in a few numbers.</summary>
/// <param name="Open">Tickets that somebody has to work on.</param>
/// <param name="Waiting">Tickets that wait for the customer.</param>
/// <param name="Resolved">Solved tickets that are not closed.</param>
/// <param name="Closed">Closed tickets.</param>
/// <param name="Breached">Tickets with a broken promise.</param>
/// <param name="ByPriority">Open and waiting tickets, by priority.</param>
/// <param name="Satisfaction">What customers answered.</param>
public sealed record DeskSummary(
    long Open,
    long Waiting,
    long Resolved,
    long Closed,
    long Breached,
    IReadOnlyDictionary<string, long> ByPriority,
    SatisfactionSummary Satisfaction
);

/// <summary>How satisfied customers are.</summary>
/// <param name="Answers">How many answers there are.</param>
/// <param name="Mean">Mean score, 1 to 5 with two decimals; null without answers.</param>
/// <param name="TopTwo">Share of the scores 4 and 5 among all answers, 0 to 1 with four decimals; null without answers.</param>
public sealed record SatisfactionSummary(long Answers, decimal? Mean, decimal? TopTwo);

/// <summary>Counts of all tickets, and their average satisfaction.</summary>
public static class GetSummary
{
    public static void Map(CrmService room) => room.MapGet("summary", "Counts of all tickets", "service-desk.read", Summary);

    static async Task<DeskSummary> Summary(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var byStatus = (
            await connection.QueryAsync<(string Status, long Count)>("select status, count(*) from ticket_list group by 1")
        ).ToDictionary(r => r.Status, r => r.Count);
        var byPriority = (
            await connection.QueryAsync<(string Priority, long Count)>(
                "select priority, count(*) from ticket_list where status in ('open', 'waiting') group by 1"
            )
        ).ToDictionary(r => r.Priority, r => r.Count);
        return new(
            Open: byStatus.GetValueOrDefault("open"),
            Waiting: byStatus.GetValueOrDefault("waiting"),
            Resolved: byStatus.GetValueOrDefault("resolved"),
            Closed: byStatus.GetValueOrDefault("closed"),
            Breached: await connection.QuerySingleAsync<long>(
                """
                select count(*) from ticket_list
                where first_breached or update_breached or acknowledgement_breached or resolution_breached
                """
            ),
            ByPriority: Priorities.All.Reverse().ToDictionary(p => p, p => byPriority.GetValueOrDefault(p)),
            Satisfaction: await connection.QuerySingleAsync<SatisfactionSummary>(
                """
                select count(satisfaction) as answers, round(avg(satisfaction), 2) as mean,
                    round(avg((satisfaction >= 4)::int), 4) as top_two
                from ticket_list
                """
            )
        );
    }
}
