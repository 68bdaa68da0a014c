using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <param name="CutOffs">Of the latest published run: the score is one more than the number of these that the value is better than.</param>
public sealed record Score<T>(int Points, T Value, IReadOnlyList<T>? CutOffs);

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

public sealed record Membership(string Segment, DateTimeOffset Since, string Reason, Guid SourceEvent);

public sealed record GradeNow(string Scheme, string Grade, Guid RunId, DateTimeOffset At, Guid SourceEvent);

public sealed record StageNow(string Stage, DateTimeOffset Since, string Cause, DateTimeOffset? NextAt, Guid SourceEvent);

public sealed record CustomerNow(
    Guid CustomerId,
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
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var row = await connection.QuerySingleOrDefaultAsync<Row>(
                        new CommandDefinition(
                            """
                            select forgotten, stage, stage_since, stage_cause, stage_event, due_at, recency, frequency, monetary,
                                chinese_type, run_id, score_as_of, live, scored_at, score_event,
                                   segment, segment_since, segment_reason, segment_event, grade, grade_run, grade_at, grade_event
                            from customer_scores left join lifecycle_due_2 using (customer_id) where customer_id = @id
                            """,
                            new { id },
                            cancellationToken: ct
                        )
                    );
                    if (row is null)
                        return Answer.NotFound("customer", id);
                    var bought = (
                        await Population.Read(connection, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, long.MaxValue, ct, id)
                    ).FirstOrDefault();
                    return Results.Ok(View(id, row, bought, business, yardsticks.Current.Run));
                }
            )
            .Produces<CustomerNow>();

    static CustomerNow View(Guid id, Row row, Member? bought, Business business, PublishedRun? run)
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
            Forgotten: row.Forgotten,
            Orders: orders,
            Revenue: revenue,
            Currency: business.Currency,
            LastOrderAt: bought?.LastOrderAt,
            Rfm: rfm,
            Abc: row.Grade is null ? null : new("abc", row.Grade, row.GradeRun!.Value, row.GradeAt!.Value, row.GradeEvent!.Value),
            Lifecycle: row.Stage is null ? null : new(row.Stage, row.StageSince!.Value, row.StageCause!, row.DueAt, row.StageEvent!.Value),
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
