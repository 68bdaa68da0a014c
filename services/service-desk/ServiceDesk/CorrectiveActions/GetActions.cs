using System.ComponentModel;

namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>A corrective action and what became of it.</summary>
/// <param name="Id">Id of the action.</param>
/// <param name="Title">What is done.</param>
/// <param name="Cause">The cause of complaints that it is to end; null if it is about a theme.</param>
/// <param name="Theme">The theme of feedback that it is to end; null if it is about a cause.</param>
/// <param name="TicketId">The complaint that gave rise to it; null of one that answers many.</param>
/// <param name="Owner">The subject of who does it.</param>
/// <param name="State"><c>open</c>, <c>overdue</c>, <c>done</c> (the days after it are not over) or <c>checked</c>.</param>
/// <param name="SetAt">When it was set.</param>
/// <param name="DueAt">By when it is to be done.</param>
/// <param name="DoneAt">When it was done; null before.</param>
/// <param name="CheckAt">When it is seen whether the cause came back; null before it is done.</param>
/// <param name="Recurrence">Whether it did; null before.</param>
public sealed record ActionView(
    Guid Id,
    string Title,
    string? Cause,
    string? Theme,
    Guid? TicketId,
    string Owner,
    [property: OneOf("open", "overdue", "done", "checked")] string State,
    DateTimeOffset SetAt,
    DateTimeOffset DueAt,
    DateTimeOffset? DoneAt,
    DateTimeOffset? CheckAt,
    Recurrence? Recurrence
);

/// <summary>The corrective actions, the newest first, and one of them.</summary>
static class GetActions
{
    static readonly string[] states = ["open", "overdue", "done", "checked"];

    const string Sql = """
        select * from (
            select *, case when checked_at is not null then 'checked' when done_at is not null then 'done'
                when due_at < @now then 'overdue' else 'open' end as state from corrective_actions) a
        where (@id::uuid is null or action_id = @id) and (@state::text is null or state = @state)
            and (@cause::text is null or cause = @cause) and (@theme::text is null or theme = @theme)
            and (@owner::text is null or owner = @owner)
            and (@at::timestamptz is null or (set_at, action_id) < (@at, @last))
        order by set_at desc, action_id desc limit @size + 1
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
                "corrective-actions",
                "The corrective actions, newest first",
                "service-desk.read",
                async (
                    [Description("Only open, overdue, done or checked ones.")] string? state,
                    [Description("Only those about this cause.")] string? cause,
                    [Description("Only those about this theme.")] string? theme,
                    [Description("Only those of this person: the subject of their token.")] string? owner,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    QueryWord.OneOf("state", state, states);
                    var (size, (at, last)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                    var rows = await Rows(db, clock, new(null, state, cause, theme, owner, at, last, size), ct);
                    return Page.Of(rows, size, Shown, r => TimeCursor.Of(r.SetAt, r.ActionId));
                }
            )
            .WithName("GetCorrectiveActions");
        room.MapGet(
                "corrective-actions/{id:guid}",
                "A corrective action",
                "service-desk.read",
                async (Guid id, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
                    await Rows(db, clock, new(id, null, null, null, null, null, null, 1), ct) is [var row]
                        ? Results.Ok(Shown(row))
                        : Answer.NotFound("corrective-action", id)
            )
            .WithName("GetCorrectiveAction")
            .Produces<ActionView>();
    }

    static Task<List<Row>> Rows(NpgsqlDataSource db, TimeProvider clock, Asked asked, CancellationToken ct)
    {
        var parameters = new DynamicParameters(asked);
        parameters.Add("now", clock.GetUtcNow());
        return db.Query<Row>(Sql, parameters, ct);
    }

    static ActionView Shown(Row r) =>
        new(
            Id: r.ActionId,
            Title: r.Title,
            Cause: r.Cause,
            Theme: r.Theme,
            TicketId: r.TicketId,
            Owner: r.Owner,
            State: r.State,
            SetAt: r.SetAt,
            DueAt: r.DueAt,
            DoneAt: r.DoneAt,
            CheckAt: r.CheckAt,
            Recurrence: r.Before is { } before ? new(before, r.After!.Value, r.Ratio, r.Low, r.High, r.Effective!.Value) : null
        );

    sealed record Asked(Guid? Id, string? State, string? Cause, string? Theme, string? Owner, DateTimeOffset? At, Guid? Last, int Size);

    sealed class Row
    {
        public Guid ActionId { get; init; }
        public string Title { get; init; } = "";
        public string? Cause { get; init; }
        public string? Theme { get; init; }
        public Guid? TicketId { get; init; }
        public string Owner { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset SetAt { get; init; }
        public DateTimeOffset DueAt { get; init; }
        public DateTimeOffset? DoneAt { get; init; }
        public DateTimeOffset? CheckAt { get; init; }
        public long? Before { get; init; }
        public long? After { get; init; }
        public decimal? Ratio { get; init; }
        public decimal? Low { get; init; }
        public decimal? High { get; init; }
        public bool? Effective { get; init; }
    }
}
