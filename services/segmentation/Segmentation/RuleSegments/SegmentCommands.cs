namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>Writes a draft; the same again changes nothing, and members change only when it is published.</summary>
public static class DraftSegment
{
    public static void Map(CrmService room) =>
        room.MapPut(
                "rule-segments/{code}",
                "Write the draft of a rule segment",
                "segmentation.segments.write",
                async ([Code] string code, SegmentDraft draft, Business business, NpgsqlDataSource db, Request request, EventStore store) =>
                {
                    await GradeWords.Check(draft.Rule, business, db, request.Cancelled);
                    return request.Done(
                        await store.Write(request, SegmentDefinition.Of(code), segment => segment.Write(code, draft, business, request.Now))
                    );
                }
            )
            .Refuses("segment-withdrawn", "rule-invalid", "rule-too-large", "scheme-unknown", "grade-unknown");
}

/// <summary>The draft decides from now on; whoever enters or leaves by it does so as of this instant.</summary>
public static class PublishSegment
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "rule-segments/{code}/publish",
                "Publish the draft of a rule segment",
                "segmentation.segments.publish",
                async (
                    [Code] string code,
                    SegmentBook book,
                    NpgsqlDataSource db,
                    Request request,
                    EventStore store,
                    CancellationToken ct
                ) =>
                {
                    await using var alone = await book.Alone(db, ct);
                    return request.Done(
                        await store.Write(
                            request,
                            SegmentDefinition.Of(code),
                            segment => segment.Existing(code).Publish(code, book, request.Now)
                        )
                    );
                }
            )
            .AtOnce(4)
            .Refuses("segment-withdrawn", "segment-paused", "segment-unknown", "segment-cycle", "segment-too-deep", "too-many-segments");
}

/// <summary>Nobody enters or leaves until it is resumed.</summary>
public static class PauseSegment
{
    public static void Map(CrmService room)
    {
        room.MapPost(
                "rule-segments/{code}/pause",
                "Let nobody enter or leave a rule segment",
                "segmentation.segments.publish",
                async ([Code] string code, Request request, EventStore store) =>
                    request.Done(await store.Write(request, SegmentDefinition.Of(code), segment => segment.Pause(code, request.Now)))
            )
            .Refuses("segment-withdrawn", "segment-not-published");
        room.MapPost(
                "rule-segments/{code}/resume",
                "Let customers enter and leave a rule segment again",
                "segmentation.segments.publish",
                async ([Code] string code, Request request, EventStore store) =>
                    request.Done(await store.Write(request, SegmentDefinition.Of(code), segment => segment.Resume(code, request.Now)))
            )
            .WithName("ResumeSegment")
            .Refuses("segment-withdrawn", "segment-not-published");
    }
}

/// <summary>Everybody leaves, for good.</summary>
public static class WithdrawSegment
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "rule-segments/{code}/withdraw",
                "Withdraw a rule segment: everybody leaves it",
                "segmentation.segments.publish",
                async (
                    [Code] string code,
                    SegmentBook book,
                    NpgsqlDataSource db,
                    Request request,
                    EventStore store,
                    CancellationToken ct
                ) =>
                {
                    await using var alone = await book.Alone(db, ct);
                    return request.Done(
                        await store.Write(request, SegmentDefinition.Of(code), segment => segment.Withdraw(code, book, request.Now))
                    );
                }
            )
            .AtOnce(4)
            .Refuses("segment-withdrawn", "segment-not-published", "segment-needed");
}
