using System.ComponentModel;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>A member of a rule segment.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Since">When they entered it.</param>
/// <param name="Version">Version of the segment by which they did.</param>
/// <param name="Cause"><c>definition</c>, <c>facts</c>, <c>time</c>, <c>pinned</c> or <c>group</c>.</param>
/// <param name="Reason">The conditions that decided, in codes and numbers.</param>
/// <param name="Held">Held out: not to be treated.</param>
/// <param name="SourceEvent">Id of the event that says so.</param>
public sealed record RuleSegmentMember(
    Guid CustomerId,
    DateTimeOffset Since,
    int Version,
    string Cause,
    string Reason,
    bool Held,
    Guid SourceEvent
);

/// <summary>Somebody entered or left a rule segment.</summary>
/// <param name="Code">Code of the segment.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Entered">True: entered; false: left.</param>
/// <param name="Version">Version of the segment by which they did.</param>
/// <param name="Cause"><c>definition</c>, <c>facts</c>, <c>time</c>, <c>pinned</c> or <c>group</c>.</param>
/// <param name="Reason">The conditions that decided, in codes and numbers.</param>
/// <param name="Held">Held out: not to be treated.</param>
/// <param name="OccurredAt">When, however late it was found.</param>
/// <param name="SourceEvent">Id of the event that says so.</param>
public sealed record RuleSegmentChange(
    string Code,
    Guid CustomerId,
    bool Entered,
    int Version,
    string Cause,
    string Reason,
    bool Held,
    DateTimeOffset OccurredAt,
    Guid SourceEvent
);

/// <summary>Who is and was in a segment, and in which segments somebody is and was.</summary>
public static class GetMembers
{
    const string Change = """
        code, customer_id, entered, version, cause, reason, held, occurred_at, event_id as SourceEvent
        """;

    public static void Map(CrmService room)
    {
        room.MapGet("rule-segments/{code}/members", "Who is in a rule segment, now or as of an instant", "segmentation.read", Members)
            .WithName("GetRuleSegmentMembers")
            .Produces<Page<RuleSegmentMember>>();
        room.MapGet("rule-segments/{code}/changes", "Who entered and left a rule segment, newest first", "segmentation.read", Changes)
            .WithName("GetRuleSegmentChanges")
            .Produces<Page<RuleSegmentChange>>();
        room.MapGet(
                "customers/{id:guid}/rule-segments",
                "The rule segments of a customer, now or as of an instant",
                "segmentation.read",
                async (
                    Guid id,
                    [Description("A day, which means its end, or an instant; now if left out.")] string? asOf,
                    NpgsqlDataSource db,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var until = ExplainSegment.Moment(business, clock, asOf);
                    var survivor = (await CustomerGroups.Of(db, id, ct)).SurvivorId;
                    return await db.Query<RuleSegmentChange>(
                        $"""
                        select * from (
                            select distinct on (code) {Change} from segment_changes
                            where customer_id = @survivor and occurred_at <= @until order by code, occurred_at desc, seq desc) last
                        where entered order by code
                        """,
                        new { survivor, until },
                        ct
                    );
                }
            )
            .WithName("GetRuleSegmentsOfCustomer");
    }

    static async Task<IResult> Members(
        [Code] string code,
        [Description("A day, which means its end, or an instant; now if left out.")] string? asOf,
        int? limit,
        Guid? after,
        NpgsqlDataSource db,
        Business business,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var size = PageLimit.Of(limit);
        if (!await Exists(db, code, ct))
            return Answer.NotFound("segment", code);
        const string now = """
            select customer_id, since, version, cause, reason, held, event_id as SourceEvent from segment_members
            where code = @code and (@after::uuid is null or customer_id > @after) order by customer_id limit @size + 1
            """;
        const string then = """
            select customer_id, since, version, cause, reason, held, SourceEvent from (
                select distinct on (customer_id) customer_id, occurred_at as since, version, cause, reason, held, event_id as SourceEvent,
                    entered
                from segment_changes where code = @code and occurred_at <= @until and (@after::uuid is null or customer_id > @after)
                order by customer_id, occurred_at desc, seq desc) last
            where entered order by customer_id limit @size + 1
            """;
        var members = await db.Query<RuleSegmentMember>(
            asOf is null ? now : then,
            new
            {
                code,
                after,
                size,
                until = ExplainSegment.Moment(business, clock, asOf),
            },
            ct
        );
        return Results.Ok(Page.Of(members, size, m => m.CustomerId.ToString()));
    }

    static async Task<IResult> Changes(
        [Code] string code,
        [Description("Only of this customer.")] Guid? customer,
        [Description("Only with this cause: definition, facts, time, pinned or group.")]
        [OneOf(null, "definition", "facts", "time", "pinned", "group")]
            string? cause,
        [Description("From this day or instant on.")] string? from,
        [Description("Until the end of this day, or this instant.")] string? until,
        int? limit,
        string? after,
        NpgsqlDataSource db,
        Business business,
        CancellationToken ct
    )
    {
        var size = PageLimit.Of(limit);
        var (at, last) = TimeCursor.Parse(after);
        if (!await Exists(db, code, ct))
            return Answer.NotFound("segment", code);
        var changes = await db.Query<RuleSegmentChange>(
            $"""
            select {Change} from segment_changes
            where code = @code and (@customer::uuid is null or customer_id = @customer) and (@cause::text is null or cause = @cause)
                and (@from::timestamptz is null or occurred_at >= @from) and (@until::timestamptz is null or occurred_at <= @until)
                and (@at::timestamptz is null or (occurred_at, event_id) < (@at, @last))
            order by occurred_at desc, event_id desc limit @size + 1
            """,
            new
            {
                code,
                customer,
                cause,
                from = Beginning(business, from),
                until = business.Moment("until", until),
                at,
                last,
                size,
            },
            ct
        );
        return Results.Ok(Page.Of(changes, size, c => TimeCursor.Of(c.OccurredAt, c.SourceEvent)));
    }

    internal static Task<bool> Exists(NpgsqlDataSource db, string code, CancellationToken ct) =>
        db.QuerySingle<bool>("select exists (select from rule_segments where code = @code)", new { code }, ct);

    /// <summary>A day begins at its start; a moment of a query is the end of a day elsewhere.</summary>
    static DateTimeOffset? Beginning(Business business, string? from) =>
        business.Moment("from", from) is not { } moment ? null
        : from!.Length == 10 ? business.StartOf(business.DayOf(moment))
        : moment;
}
