using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>Says what becomes of a suggestion, for its author to see.</summary>
/// <param name="Status"><c>open</c>, <c>planned</c>, <c>started</c>, <c>done</c> or <c>declined</c>.</param>
/// <param name="Note">Why, in words for the author; names nobody.</param>
public sealed record SetSuggestionStatus(
    [property: Required, OneOf("open", "planned", "started", "done", "declined")] string Status,
    [property: StringLength(500, MinimumLength = 1)] string? Note = null
)
{
    public IFeedbackEvent[] Decide(Guid id, FeedbackItem item, string caller, DateTimeOffset now) =>
        item.Source switch
        {
            null => throw new NotFoundException("suggestion", id),
            Suggestions.Source => (item.Status, item.Note) == (Status, Note)
                ? []
                : [new SuggestionStatusSet(item.CustomerId, Status, Note, caller, now)],
            _ => throw new RuleViolationException("not-a-suggestion", $"The feedback is a {item.Source}, not a suggestion."),
        };
}

/// <summary>What a customer suggested.</summary>
/// <param name="Id">Of the feedback.</param>
/// <param name="SaidAt">When they suggested it.</param>
/// <param name="Personal">Whether the text is shown; <c>forgotten</c> if it is gone with its person.</param>
/// <param name="Text">What they wrote; null if it is not shown.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Note">Why, in words for them; null for none.</param>
public sealed record SuggestionView(
    Guid Id,
    DateTimeOffset SaidAt,
    PersonalShown Personal,
    string? Text,
    [property: OneOf("open", "planned", "started", "done", "declined")] string Status,
    string? Note
);

/// <summary>Suggestions 建议: feedback whose author sees what becomes of it.</summary>
static class Suggestions
{
    public const string Source = "suggestion";

    public static void Map(CrmService room)
    {
        room.MapPut(
                "feedback/{id:guid}/status",
                "Say what becomes of a suggestion",
                "service-desk.write",
                async (Guid id, SetSuggestionStatus command, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(request, FeedbackItem.Of(id), item => command.Decide(id, item, request.Actor, request.Now))
                    )
            )
            .WithName("SetSuggestionStatus")
            .Refuses("not-a-suggestion");

        room.MapGet(
                "customers/{id:guid}/suggestions",
                "What a customer suggested and what became of it, for themselves to see, newest first",
                "service-desk.customer",
                async (
                    Guid id,
                    int? limit,
                    string? after,
                    EventStore store,
                    NpgsqlDataSource db,
                    PersonalReader reader,
                    CancellationToken ct
                ) =>
                {
                    var (size, (at, last)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                    var rows = await db.Query<Row>(
                        """
                        select feedback_id as id, said_at, coalesce(status, 'open') as status, status_note as note from feedback
                        where customer_id = @id and source = @Source and (@at::timestamptz is null or (said_at, feedback_id) < (@at, @last))
                        order by said_at desc, feedback_id desc limit @size + 1
                        """,
                        new
                        {
                            id,
                            Source,
                            at,
                            last,
                            size,
                        },
                        ct
                    );
                    var texts = new Dictionary<Guid, string?>();
                    foreach (var row in rows.Take(size))
                        texts[row.Id] = await CodeFeedback.TextOf(store, row.Id, ct);
                    if (reader.May && texts.Values.Any(t => t is not null))
                        await reader.Read(id);
                    return Page.Of(
                        rows,
                        size,
                        r => new SuggestionView(
                            r.Id,
                            r.SaidAt,
                            reader.Of(forgotten: texts[r.Id] is null),
                            reader.May ? texts[r.Id] : null,
                            r.Status,
                            r.Note
                        ),
                        r => TimeCursor.Of(r.SaidAt, r.Id)
                    );
                }
            )
            .WithName("GetSuggestions")
            .ShowsMoreWith(Permissions.PersonalRead, "what the customer suggested");
    }

    sealed record Row(Guid Id, DateTimeOffset SaidAt, string Status, string? Note);
}
