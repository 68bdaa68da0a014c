using System.ComponentModel;
using System.Globalization;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>A fact that a measure is made of.</summary>
/// <param name="EventId">Id of the event.</param>
/// <param name="StreamId">Id of its stream.</param>
/// <param name="Version">Place in the stream, which is the customer's own unless StreamId says otherwise (attendance is a fact of the
/// activity).</param>
/// <param name="OccurredAt">When it counts from.</param>
/// <param name="Amount">What it contributes: the amounts of all pages add up to the number.</param>
/// <param name="Due">Time alone has done this at OccurredAt, and nobody has written it down yet; the event is the one that made the lot; of
/// several lots, the last one's instant.</param>
public sealed record MeasureEvent(
    Guid EventId,
    Guid StreamId,
    Guid CustomerId,
    long Version,
    DateTimeOffset OccurredAt,
    decimal Amount,
    bool Due
);

/// <summary>
/// The facts of which a number is made, page by page in the order of the log. Pages belong together when they are asked as of the same
/// instant.
/// </summary>
public static class GetMeasureEvents
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "measures/{id}/events",
                "The events that make a measure",
                "loyalty.read",
                async (
                    [Description("Name of the measure: repeat-rate.")] string id,
                    [Description("As of this instant; now if left out.")] DateTimeOffset? asOf,
                    [Description("numerator (default) or denominator.")] string? part,
                    [Description("By what the liability is divided.")] string? by,
                    [Description("Only this part of the liability.")] string? bucket,
                    [Description("Only members who joined in this month: 2026-03.")] string? cohort,
                    [Description("Within how many days an active member did something; the setting if left out.")] int? activeDays,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    if (Measure.All.FirstOrDefault(m => m.Id == id) is not { } measure)
                        return (IResult)Answer.NotFound("measure", id);
                    var question = Question.Of(asOf, activeDays, rules, clock);
                    var set = part switch
                    {
                        null or "numerator" => measure.Numerator,
                        "denominator" => measure.Denominator
                            ?? throw new BadRequestException("part", "numerator: this number has no denominator"),
                        _ => throw new BadRequestException("part", "numerator or denominator"),
                    };
                    if (set != "liability" && (by ?? bucket) is not null)
                        throw new BadRequestException(by is null ? "bucket" : "by", "given for the liability only");
                    if (bucket?.Any(char.IsControl) == true)
                        throw new BadRequestException("bucket", "a bucket of the liability");
                    if (cohort is not null && set.StartsWith("middle", StringComparison.Ordinal))
                        throw new BadRequestException(
                            "cohort",
                            "given for another measure: this one's members are the middle of everybody"
                        );
                    DateOnly? month =
                        cohort is null ? null
                        : DateOnly.TryParseExact(cohort, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
                            ? first
                        : throw new BadRequestException("cohort", "a month, as 2026-03");
                    var ((seq, due), size, sql) = (
                        Cursor(after),
                        PageLimit.Of(limit),
                        set == "liability" ? Sets.Owed(Buckets.Named(by)) : Sets.Sql[set]
                    );
                    var (found, _) = await Question.Ask(
                        db,
                        async connection =>
                            (
                                await connection.QueryAsync<Row>(question.Command(Sql(sql, month), ct, bucket, month, seq, due, size + 1))
                            ).AsList(),
                        ct
                    );
                    return TypedResults.Ok(
                        Page.Of(
                            found,
                            size,
                            r => new MeasureEvent(
                                EventId: r.EventId,
                                StreamId: r.StreamId,
                                CustomerId: r.CustomerId,
                                Version: r.Version,
                                OccurredAt: r.OccurredAt,
                                Amount: r.Amount,
                                Due: r.Due
                            ),
                            r => $"{r.Seq}{(r.Due ? ".due" : "")}"
                        )
                    );
                }
            )
            .Produces<Page<MeasureEvent>>()
            .AtOnce(Question.AtOnce);

    static string Sql(string set, DateOnly? cohort) =>
        $"""
            {AsOf.Tables}
            select seq, due, stream_id, customer_id, event_id, version, max(occurred_at) as occurred_at, sum(amount)::numeric as amount
            from ({set}) facts
            where (@seq::bigint is null or (seq, due) > (@seq, @due)){(
                cohort is null ? "" : " and customer_id in (select customer_id from members where cohort = @cohort)"
            )}
            group by seq, due, stream_id, customer_id, event_id, version order by seq, due limit @take
            """;

    static (long? Seq, bool Due) Cursor(string? after)
    {
        if (after is null)
            return (null, false);
        var due = after.EndsWith(".due", StringComparison.Ordinal);
        return long.TryParse(due ? after[..^4] : after, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? (seq, due)
            : throw new BadRequestException("after", "a cursor from a page's next");
    }

    sealed class Row
    {
        public long Seq { get; init; }
        public bool Due { get; init; }
        public Guid StreamId { get; init; }
        public Guid CustomerId { get; init; }
        public Guid EventId { get; init; }
        public long Version { get; init; }
        public DateTimeOffset OccurredAt { get; init; }
        public decimal Amount { get; init; }
    }
}
