using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>A customer who is pinned in or out of a rule segment; of a group, the pin of any member holds for all.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="In">True: kept in; false: kept out.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="By">Who said so: subject of their token.</param>
/// <param name="Since">When it was said.</param>
/// <param name="Until">The rule decides again from this instant on; null: until somebody ends it.</param>
/// <param name="SourceEvent">Id of the event that says so.</param>
public sealed record SegmentPin(
    Guid CustomerId,
    bool In,
    string Reason,
    string? By,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    Guid SourceEvent
);

/// <summary>The pins of each segment; nothing of who was forgotten.</summary>
public sealed class SegmentPins : IProjection
{
    public string Name => "segment-pins";

    public string Ddl =>
        """
            create table if not exists segment_pins (
                code text not null, customer_id uuid not null, inside bool not null, reason text not null, said_by text,
                since timestamptz not null, until timestamptz, event_id uuid not null, primary key (code, customer_id));
            create index if not exists segment_pins_customer on segment_pins (customer_id);
            """;

    public void Register(EventHandlers on) =>
        on.On<MemberPinned>(
                (p, e, sql) =>
                    sql.Add(
                        """
                        insert into segment_pins (code, customer_id, inside, reason, said_by, since, until, event_id)
                        values ($1, $2, $3, $4, $5::text, $6, $7::timestamptz, $8) on conflict (code, customer_id) do update set
                            (inside, reason, said_by, since, until, event_id) =
                            (excluded.inside, excluded.reason, excluded.said_by, excluded.since, excluded.until, excluded.event_id)
                        """,
                        p.Code,
                        e.StreamId,
                        p.In,
                        p.Reason,
                        e.Metadata.Actor,
                        p.OccurredAt,
                        p.Until,
                        e.Id
                    )
            )
            .On<MemberUnpinned>((p, e, sql) => sql.Add("delete from segment_pins where code = $1 and customer_id = $2", p.Code, e.StreamId))
            .On<PersonalDataErased>((_, e, sql) => sql.Add("delete from segment_pins where customer_id = $1", e.StreamId));

    public static void Map(CrmService room) =>
        room.MapGet(
                "rule-segments/{code}/pins",
                "Who is pinned in or out of a rule segment",
                "segmentation.read",
                async ([Code] string code, int? limit, Guid? after, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
                {
                    var size = PageLimit.Of(limit);
                    if (!await GetMembers.Exists(db, code, ct))
                        return Answer.NotFound("segment", code);
                    var pins = await db.Query<SegmentPin>(
                        """
                        select customer_id, inside as "in", reason, said_by as "by", since, until, event_id as SourceEvent from segment_pins
                        where code = @code and (until is null or until > @now) and (@after::uuid is null or customer_id > @after)
                        order by customer_id limit @size + 1
                        """,
                        new
                        {
                            code,
                            now = clock.GetUtcNow(),
                            after,
                            size,
                        },
                        ct
                    );
                    return Results.Ok(Page.Of(pins, size, p => p.CustomerId.ToString()));
                }
            )
            .WithName("GetSegmentPins")
            .Produces<Page<SegmentPin>>();
}
