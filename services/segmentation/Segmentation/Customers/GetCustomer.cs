using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A score with what it is made of.</summary>
/// <param name="Points">The score, 1 to 5; 5 is best.</param>
/// <param name="Value">What was scored, as it is now: the day of the last net order, the number of net orders, or the net revenue.</param>
/// <param name="CutOffs">Of the latest published run: the score is one more than the number of these that the value is better than.</param>
public sealed record Score<T>(int Points, T Value, IReadOnlyList<T>? CutOffs);

/// <summary>The RFM scores that are in force.</summary>
/// <param name="Recency">By the business day of the last net order.</param>
/// <param name="Frequency">By the number of net orders.</param>
/// <param name="Monetary">By the net revenue in the base currency.</param>
/// <param name="Segment">Name of the segment in the 5×5 grid: <c>Champions</c>.</param>
/// <param name="ChineseType">One of the eight types: <c>重要价值</c>.</param>
/// <param name="RunId">The run whose cut-off values were used.</param>
/// <param name="AsOf">Business day at whose end that run measured the population.</param>
/// <param name="Live">True if a purchase or return between two runs gave the scores, false if a run did.</param>
/// <param name="At">Since when the scores are so.</param>
public sealed record RfmNow(
    Score<DateOnly> Recency,
    Score<long> Frequency,
    Score<decimal> Monetary,
    string Segment,
    string ChineseType,
    Guid RunId,
    DateOnly AsOf,
    bool Live,
    DateTimeOffset At,
    Guid SourceEvent
);

/// <summary>A segment that the customer is in.</summary>
/// <param name="Segment">Name of the segment: <c>Champions</c>.</param>
/// <param name="Since">When the customer entered it.</param>
/// <param name="Reason">The condition that decided, in codes and numbers.</param>
public sealed record Membership(string Segment, DateTimeOffset Since, string Reason, Guid SourceEvent);

/// <summary>The grade that is in force.</summary>
/// <param name="Scheme"><c>abc</c>.</param>
/// <param name="Grade"><c>A</c>, <c>B</c> or <c>C</c>, by share of revenue.</param>
/// <param name="RunId">The run that gave it.</param>
/// <param name="At">Since when it is so.</param>
public sealed record GradeNow(string Scheme, string Grade, Guid RunId, DateTimeOffset At, Guid SourceEvent);

/// <summary>Customers who are one person or company, and judged as one.</summary>
/// <param name="SurvivorId">The member under whose id the group is judged.</param>
/// <param name="Members">All members, the survivor first.</param>
public sealed record GroupNow(Guid SurvivorId, IReadOnlyList<Guid> Members);

/// <summary>What is said of a customer at present.</summary>
/// <param name="CustomerId">Id of the customer who was asked for.</param>
/// <param name="Group">The group of which all of this is said, since the customer is a member; null for one who is alone.</param>
/// <param name="Forgotten">True once the customer asked to be forgotten: nothing is judged any more.</param>
/// <param name="Orders">Net orders: purchases that did not wholly come back.</param>
/// <param name="Revenue">Net revenue in the base currency.</param>
/// <param name="Currency">The base currency, ISO 4217.</param>
/// <param name="LastOrderAt">When the last net order was made; null where there is none.</param>
/// <param name="Rfm">Null for a customer without net orders, and before the first run.</param>
/// <param name="Abc">The ABC class; null before the first run that the customer was part of.</param>
/// <param name="Lifecycle">Null while the customer has no stage.</param>
/// <param name="Segments">The segments that the customer is in.</param>
public sealed record CustomerNow(
    Guid CustomerId,
    GroupNow? Group,
    bool Forgotten,
    long Orders,
    decimal Revenue,
    string Currency,
    DateTimeOffset? LastOrderAt,
    RfmNow? Rfm,
    GradeNow? Abc,
    StageNow? Lifecycle,
    IReadOnlyList<Membership> Segments
);

/// <summary>One customer's scores, grade, stage and segments, each with its reason and source event.</summary>
public static class GetCustomer
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "customers/{id:guid}",
                "One customer's scores, grade, stage and segments, with their reasons",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, Business business, Yardsticks yardsticks, CancellationToken ct) =>
                {
                    var group = await CustomerGroups.Of(db, id, ct);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var row = await connection.QuerySingleOrDefaultAsync<Row>(
                        new CommandDefinition(
                            """
                            select forgotten, stage, stage_since, stage_cause, stage_event, due_at,
                                (select h.stage from lifecycle_stage_2 h where h.customer_id = c.customer_id and h.stage = any(@ranks)
                                    order by array_position(@ranks, h.stage) desc limit 1) as max_stage,
                                recency, frequency, monetary,
                                chinese_type, run_id, score_as_of, live, scored_at, score_event,
                                   segment, segment_since, segment_reason, segment_event, grade, grade_run, grade_at, grade_event
                            from customer_scores c left join lifecycle_due_2 using (customer_id)
                            where customer_id in (@survivor, @id) order by customer_id = @survivor desc limit 1
                            """,
                            new
                            {
                                survivor = group.SurvivorId,
                                id,
                                ranks = MaxStage.Ranks,
                            },
                            cancellationToken: ct
                        )
                    );
                    if (row is null)
                        return Answer.NotFound("customer", id);
                    var bought = (
                        await Population.Read(connection, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, long.MaxValue, ct, id)
                    ).FirstOrDefault();
                    return Results.Ok(View(id, group, row, bought, business, yardsticks.Current.Run));
                }
            )
            .Produces<CustomerNow>();

    static CustomerNow View(Guid id, CustomerGroup group, Row row, Member? bought, Business business, PublishedRun? run)
    {
        var (orders, revenue) = (bought?.Orders ?? 0, MinorUnits.ToAmount(bought?.Revenue ?? 0, business.Currency));
        var rfm =
            row.Recency is null || bought?.LastOrderAt is not { } last
                ? null
                : new RfmNow(
                    Recency: new((int)row.Recency, business.DayOf(last), run?.Rfm.LastOrder),
                    Frequency: new((int)row.Frequency!, orders, run?.Rfm.Orders),
                    Monetary: new(
                        (int)row.Monetary!,
                        revenue,
                        run?.Rfm.Revenue.Select(m => MinorUnits.ToAmount(m, business.Currency)).ToList()
                    ),
                    Segment: row.Segment!,
                    ChineseType: row.ChineseType!,
                    RunId: row.RunId!.Value,
                    AsOf: row.ScoreAsOf!.Value,
                    Live: row.Live!.Value,
                    At: row.ScoredAt!.Value,
                    SourceEvent: row.ScoreEvent!.Value
                );
        return new(
            CustomerId: id,
            Group: group.IsAlone ? null : new(group.SurvivorId, group.Members),
            Forgotten: row.Forgotten,
            Orders: orders,
            Revenue: revenue,
            Currency: business.Currency,
            LastOrderAt: bought?.LastOrderAt,
            Rfm: rfm,
            Abc: row.Grade is null ? null : new("abc", row.Grade, row.GradeRun!.Value, row.GradeAt!.Value, row.GradeEvent!.Value),
            Lifecycle: row.Stage is null
                ? null
                : new(row.Stage, row.StageSince!.Value, row.StageCause!, row.DueAt, row.MaxStage, row.StageEvent!.Value),
            Segments: row.Segment is null ? [] : [new(row.Segment, row.SegmentSince!.Value, row.SegmentReason!, row.SegmentEvent!.Value)]
        );
    }

    sealed record Row(
        bool Forgotten,
        string? Stage,
        DateTimeOffset? StageSince,
        string? StageCause,
        Guid? StageEvent,
        DateTimeOffset? DueAt,
        string? MaxStage,
        short? Recency,
        short? Frequency,
        short? Monetary,
        string? ChineseType,
        Guid? RunId,
        DateOnly? ScoreAsOf,
        bool? Live,
        DateTimeOffset? ScoredAt,
        Guid? ScoreEvent,
        string? Segment,
        DateTimeOffset? SegmentSince,
        string? SegmentReason,
        Guid? SegmentEvent,
        string? Grade,
        Guid? GradeRun,
        DateTimeOffset? GradeAt,
        Guid? GradeEvent
    );
}
