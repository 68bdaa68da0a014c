namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>Counts whether the cause or theme of a finished action came back, once its days are over, dated at their end.</summary>
public sealed class CheckActions(DeskOptions options, DeskRules rules) : IDueWork
{
    const string Sql = """
        select a.action_id, a.check_at, count(*) filter (where at < a.set_at and at >= a.set_at - @window) as before,
            count(*) filter (where at >= a.done_at and at < a.check_at) as after
        from corrective_actions a
            left join lateral (
                select c.opened_at as at from complaints c join ticket_list t using (ticket_id)
                where coalesce(c.cause, t.cause) = a.cause and c.opened_at >= a.set_at - @window and c.opened_at < a.check_at
                union all
                select said_at from feedback join feedback_themes using (feedback_id)
                where theme = a.theme and applies and said_at >= a.set_at - @window and said_at < a.check_at) s on true
        where a.check_at <= @now and a.checked_at is null
        group by a.action_id, a.check_at order by a.check_at
        """;

    public string Name => "corrective-action-checks";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from row in await connection.QueryAsync<Row>(
            new CommandDefinition(Sql, new { now, window = rules.RecurrenceWindow }, cancellationToken: ct)
        )
        select Write.To(
            CorrectiveAction.Of(row.ActionId),
            action =>
                action is { CheckAt: { } at, Checked: false } && at <= now
                    ? [new ActionChecked(Recurrence.Of(row.Before, row.After), at)]
                    : []
        );

    sealed class Row
    {
        public Guid ActionId { get; init; }
        public long Before { get; init; }
        public long After { get; init; }
    }
}
