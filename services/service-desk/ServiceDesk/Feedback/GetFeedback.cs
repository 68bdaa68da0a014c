using System.ComponentModel;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>Something that a customer wrote or said: where, when and what about. The text is shown of one at a time.</summary>
/// <param name="Id">Of the ticket, the survey's answer, or the feedback.</param>
/// <param name="Source"><c>ticket</c>, <c>survey</c>, or as it was given: <c>review</c>, <c>suggestion</c>.</param>
/// <param name="Channel">How it came, as a code.</param>
/// <param name="SaidAt">When the customer said it.</param>
/// <param name="Version">Of the codebook by which it was coded; null if it was not yet.</param>
/// <param name="Themes">What it is about; none if no rule fits and nobody said so.</param>
public sealed record FeedbackRow(
    Guid Id,
    Guid CustomerId,
    string Source,
    string Channel,
    DateTimeOffset SaidAt,
    int? Version,
    IReadOnlyList<string> Themes
);

/// <summary>Feedback with its text.</summary>
/// <param name="Feedback">Where, when and what about.</param>
/// <param name="Personal">Whether the text is shown; <c>forgotten</c> if it is gone with its person.</param>
/// <param name="Text">What the customer said; null if it is not shown.</param>
public sealed record FeedbackView(FeedbackRow Feedback, PersonalShown Personal, string? Text);

/// <summary>What customers said, and what about.</summary>
static class GetFeedback
{
    const string Columns = """
        feedback_id as id, customer_id, source, channel, said_at, version,
            array(select theme from feedback_themes t where t.feedback_id = f.feedback_id and applies order by theme) as themes
        """;

    /// <summary>All that a customer said, with its text, oldest first.</summary>
    public static async Task<IReadOnlyList<FeedbackView>> Of(EventStore store, NpgsqlDataSource db, Guid customerId, CancellationToken ct)
    {
        var rows = await db.Query<Row>(
            $"select {Columns} from feedback f where customer_id = @customerId order by said_at, feedback_id",
            new { customerId },
            ct
        );
        var said = new List<FeedbackView>();
        foreach (var row in rows)
        {
            var text = await CodeFeedback.TextOf(store, row.Id, ct);
            said.Add(new(row.Shown, text is null ? PersonalShown.Forgotten : PersonalShown.Shown, text));
        }
        return said;
    }

    public static void Map(CrmService room)
    {
        room.MapGet(
                "feedback",
                "What customers said, newest first, by theme, source, customer and time",
                "service-desk.read",
                async (
                    [Description("Only what is about this theme, or about one below it.")] string? theme,
                    [Description("Only what has no theme.")] bool? uncoded,
                    [Description("Only ticket, survey, or another source.")] string? source,
                    [Description("Only what this customer said, or who is one person with them.")] Guid? customer,
                    [Description("Said from here on.")] DateTimeOffset? from,
                    [Description("Said before here.")] DateTimeOffset? until,
                    int? limit,
                    string? after,
                    EventStore store,
                    NpgsqlDataSource db,
                    HiddenTickets hidden,
                    CancellationToken ct
                ) =>
                {
                    var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                    var (codebook, _) = await store.Read(Codebook.Stream, ct);
                    var rows = await db.Query<Row>(
                        $"""
                        select {Columns} from feedback f
                        where (@source::text is null or source = @source) and (@members::uuid[] is null or customer_id = any(@members))
                            and (@themes::text[] is null or exists (
                                select from feedback_themes t
                                where t.feedback_id = f.feedback_id and theme = any(@themes) and applies))
                            and (@uncoded::bool is null or version is not null and @uncoded <> exists (
                                select from feedback_themes t where t.feedback_id = f.feedback_id and applies))
                            and (@begin::timestamptz is null or said_at >= @begin) and (@end::timestamptz is null or said_at < @end)
                            and feedback_id <> all(@hidden) and (@at::timestamptz is null or (said_at, feedback_id) < (@at, @id))
                        order by said_at desc, feedback_id desc limit @size + 1
                        """,
                        new
                        {
                            source,
                            uncoded,
                            hidden = await hidden.Ids(ct),
                            begin = from,
                            end = until,
                            at,
                            id,
                            size,
                            themes = theme is null
                                ? null
                                : codebook.Themes.Where(t => t.Parent == theme).Select(t => t.Code).Append(theme).ToArray(),
                            members = customer is { } person ? (await CustomerGroups.Of(db, person, ct)).Members.ToArray() : null,
                        },
                        ct
                    );
                    return Page.Of(rows, size, r => r.Shown, r => TimeCursor.Of(r.SaidAt, r.Id));
                }
            )
            .WithName("GetFeedback");

        room.MapGet(
                "feedback/{id:guid}",
                "What a customer said, with its text",
                "service-desk.read",
                async (Guid id, EventStore store, NpgsqlDataSource db, PersonalReader reader, HiddenTickets hidden, CancellationToken ct) =>
                {
                    var row = await db.QuerySingleOrDefault<Row>(
                        $"select {Columns} from feedback f where feedback_id = @id",
                        new { id },
                        ct
                    );
                    if (row is null || await hidden.Contains(id, ct))
                        return Answer.NotFound("feedback", id);
                    var text = await CodeFeedback.TextOf(store, id, ct);
                    var shown = reader.Of(forgotten: text is null);
                    if (shown == PersonalShown.Shown)
                        await reader.Read(row.CustomerId);
                    return Results.Ok(new FeedbackView(row.Shown, shown, shown == PersonalShown.Shown ? text : null));
                }
            )
            .WithName("GetOneFeedback")
            .Produces<FeedbackView>()
            .ShowsMoreWith(Permissions.PersonalRead, "what the customer said");
    }

    sealed class Row
    {
        public Guid Id { get; init; }
        public Guid CustomerId { get; init; }
        public string Source { get; init; } = "";
        public string Channel { get; init; } = "";
        public DateTimeOffset SaidAt { get; init; }
        public int? Version { get; init; }
        public string[] Themes { get; init; } = [];

        public FeedbackRow Shown => new(Id, CustomerId, Source, Channel, SaidAt, Version, Themes);
    }
}
