using System.Globalization;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>What became of a customer's tag.</summary>
public enum TagStep
{
    Given,
    Removed,

    /// <summary>Another tag of its group took its place.</summary>
    Replaced,

    /// <summary>Its time was up.</summary>
    Expired,

    /// <summary>Rules may give it again that a person took away.</summary>
    Allowed,
}

/// <summary>One step in the history of a customer's tags.</summary>
/// <param name="Tag">The code with which it was recorded; since then it may have been joined into another.</param>
/// <param name="Step"><c>given</c>; <c>removed</c>; <c>replaced</c> by another of its group; <c>expired</c>: its time was up;
/// <c>allowed</c>: rules may give it again that a person took away.</param>
/// <param name="Origin">Who said it or took it back; null where all origins ended.</param>
/// <param name="Until">Until before when it was given; null if it stays.</param>
/// <param name="ReplacedBy">The tag of the same group that took its place.</param>
public sealed record GetTagHistory(
    string Tag,
    TagStep Step,
    TagOrigin? Origin,
    DateTimeOffset? Until,
    string? ReplacedBy,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    Guid SourceEvent
)
{
    static GetTagHistory? Of(RecordedEvent e) =>
        e.Data switch
        {
            CustomerTagged t => new(t.Tag, TagStep.Given, t.Origin, t.Until, null, t.OccurredAt, e.RecordedAt, e.Id),
            CustomerUntagged t => new(
                t.Tag,
                t.ReplacedBy is null ? TagStep.Removed : TagStep.Replaced,
                t.Origin,
                null,
                t.ReplacedBy,
                t.OccurredAt,
                e.RecordedAt,
                e.Id
            ),
            TagExpired t => new(t.Tag, TagStep.Expired, t.Origin, null, null, t.OccurredAt, e.RecordedAt, e.Id),
            TagAllowed t => new(t.Tag, TagStep.Allowed, null, null, null, t.OccurredAt, e.RecordedAt, e.Id),
            _ => null,
        };

    public static void Map(CrmService room) =>
        room.MapGet(
                "{id:guid}/tags/history",
                "What became of a customer's tags, oldest first",
                "customers.read",
                async (Guid id, int? limit, string? after, EventStore store, CancellationToken ct) =>
                {
                    var (size, from) = (PageLimit.Of(limit), Cursor(after));
                    if (await store.FetchStream(id, ct: ct) is not [{ Data: CustomerRegistered }, ..] events)
                        return Answer.NotFound("customer", id);
                    // What is forgotten is forgotten at every moment.
                    var steps = events.Any(e => e.Data is CustomerForgotten)
                        ? []
                        : events.Where(e => e.Version > from).Select(e => (e.Version, Step: Of(e))).Where(s => s.Step is not null).ToList();
                    return Results.Ok(Page.Of(steps, size, s => s.Step!, s => s.Version.ToString(CultureInfo.InvariantCulture)));
                }
            )
            .Produces<Page<GetTagHistory>>();

    static long Cursor(string? after) =>
        after is null ? 0
        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : throw new BadRequestException("after", "the cursor of the page before");
}
