using System.ComponentModel;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Loops;

/// <summary>A customer who was let down, and what became of it.</summary>
/// <param name="Id">Of the loop.</param>
/// <param name="Reason">What they answered: a low score of <c>csat</c>, <c>nps</c> or <c>ces</c>, or <c>proposal-rejected</c>.</param>
/// <param name="Score">The score; null of a proposal.</param>
/// <param name="TicketId">The ticket that it is about; null if there is none.</param>
/// <param name="Owner">The subject of who speaks with them; null if nobody has it.</param>
/// <param name="State"><c>open</c>, <c>contacted</c> or <c>closed</c>.</param>
/// <param name="OpenedAt">When they answered.</param>
/// <param name="DueAt">By when somebody is to speak with them.</param>
/// <param name="Overdue">Whether nobody has by then.</param>
/// <param name="ContactedAt">When somebody did; null if nobody did.</param>
/// <param name="ClosedAt">When it was closed; null while it is not.</param>
/// <param name="Outcome">How it was closed, or <c>forgotten</c>: it ended with its customer; null while it is not.</param>
public sealed record LoopView(
    Guid Id,
    Guid CustomerId,
    [property: OneOf("csat", "nps", "ces", "proposal-rejected")] string Reason,
    int? Score,
    Guid? TicketId,
    string? Owner,
    [property: OneOf("open", "contacted", "closed")] string State,
    DateTimeOffset OpenedAt,
    DateTimeOffset DueAt,
    bool Overdue,
    DateTimeOffset? ContactedAt,
    DateTimeOffset? ClosedAt,
    [property: OneOf(null, "solved", "explained", "compensated", "no-answer", "not-wanted", "forgotten")] string? Outcome
);

/// <summary>How customers who were let down in a period were spoken with.</summary>
/// <param name="Opened">Loops that were opened in the period.</param>
/// <param name="Contacted">Those where somebody spoke with the customer.</param>
/// <param name="InTime">Those where somebody did within <c>LoopWithin</c> of the settings.</param>
/// <param name="Late">Those where nobody did by then.</param>
/// <param name="InTimeShare">Share of <c>InTime</c> among the two, with four decimals; null if there is neither.</param>
/// <param name="MedianMinutes">Business minutes up to the contact that half of them took at most (nearest rank); null if there is
/// none.</param>
/// <param name="Outcomes">How many were closed with which outcome, or are <c>forgotten</c>.</param>
public sealed record LoopFigures(
    long Opened,
    long Contacted,
    long InTime,
    long Late,
    decimal? InTimeShare,
    int? MedianMinutes,
    IReadOnlyDictionary<string, long> Outcomes
);

/// <summary>The loops, the most urgent first, and their figures.</summary>
static class GetLoops
{
    static readonly string[] states = ["open", "contacted", "closed"];

    const string Rows = """
        select * from (
            select loop_id as id, customer_id, reason, score, ticket_id, owner,
                case when closed_at is not null then 'closed' when contacted_at is not null then 'contacted' else 'open' end as state,
                opened_at, due_at, coalesce(contacted_at, closed_at, @now) > due_at as overdue, contacted_at, closed_at, outcome
            from loops) l
        """;

    const string Sql = $"""
        {Rows}
        where (@state::text is null or state = @state) and (@owner::text is null or owner = @owner)
            and (@overdue::bool is null or overdue = @overdue) and (@members::uuid[] is null or customer_id = any(@members))
            and coalesce(ticket_id <> all(@hidden), true) and (@at::timestamptz is null or (due_at, id) > (@at, @id))
        order by due_at, id limit @size + 1
        """;

    const string Counts = """
        select count(*) as opened, count(contacted_at) as contacted, count(*) filter (where contacted_at <= due_at) as in_time,
            count(*) filter (where coalesce(contacted_at, closed_at, @now) > due_at) as late,
            percentile_disc(.5) within group (order by contact_minutes) as median_minutes
        from loops where opened_at >= @from and opened_at < @until
        """;

    /// <summary>All of a customer, oldest first.</summary>
    public static Task<List<LoopView>> Of(NpgsqlDataSource db, Guid customerId, DateTimeOffset now, CancellationToken ct) =>
        db.Query<LoopView>($"{Rows} where customer_id = @customerId order by opened_at, id", new { customerId, now }, ct);

    public static void Map(CrmService room)
    {
        room.MapGet(
                "loops",
                "Customers who were let down, whose time is up first",
                "service-desk.read",
                async (
                    [Description("Only open, contacted or closed ones.")] string? state,
                    [Description("Only those that are overdue, or only others.")] bool? overdue,
                    [Description("Only those of this agent: the subject of their token.")] string? owner,
                    [Description("Only those of this customer, and of those who are one person with them.")] Guid? customer,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    TimeProvider clock,
                    HiddenTickets hidden,
                    CancellationToken ct
                ) =>
                {
                    QueryWord.OneOf("state", state, states);
                    var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                    var rows = await db.Query<LoopView>(
                        Sql,
                        new
                        {
                            now = clock.GetUtcNow(),
                            state,
                            overdue,
                            owner,
                            members = customer is { } person ? (await CustomerGroups.Of(db, person, ct)).Members.ToArray() : null,
                            hidden = await hidden.Ids(ct),
                            at,
                            id,
                            size,
                        },
                        ct
                    );
                    return Page.Of(rows, size, r => TimeCursor.Of(r.DueAt, r.Id));
                }
            )
            .WithName("GetLoops");

        room.MapGet(
                "figures/loops",
                "How customers who were let down in a period were spoken with",
                "service-desk.read",
                async (
                    [Description("Loops that were opened from here on.")] DateTimeOffset from,
                    [Description("Loops that were opened before here.")] DateTimeOffset until,
                    NpgsqlDataSource db,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    if (until <= from)
                        throw new BadRequestException("until", "later than from");
                    var counts = await db.QuerySingle<Row>(
                        Counts,
                        new
                        {
                            from,
                            until,
                            now = clock.GetUtcNow(),
                        },
                        ct
                    );
                    var outcomes = await db.Query<(string Outcome, long Count)>(
                        """
                        select outcome, count(*) from loops where opened_at >= @from and opened_at < @until and outcome is not null
                        group by 1 order by 1
                        """,
                        new { from, until },
                        ct
                    );
                    return new LoopFigures(
                        counts.Opened,
                        counts.Contacted,
                        counts.InTime,
                        counts.Late,
                        counts.InTime + counts.Late == 0 ? null : Math.Round((decimal)counts.InTime / (counts.InTime + counts.Late), 4),
                        counts.MedianMinutes,
                        outcomes.ToDictionary(o => o.Outcome, o => o.Count)
                    );
                }
            )
            .WithName("GetLoopFigures");
    }

    sealed record Row(long Opened, long Contacted, long InTime, long Late, int? MedianMinutes);
}
