namespace CrmPlatform.ServiceDesk.Loops;

/// <summary>Tells of each loop in which nobody spoke with the customer in time, once.</summary>
public sealed class OverdueLoops(DeskOptions options) : IDueWork
{
    public string Name => "overdue-loops";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from id in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                """
                select loop_id from loops where closed_at is null and due_at < @now and contacted_at is null and overdue_at is null
                order by due_at
                """,
                new { now },
                cancellationToken: ct
            )
        )
        select Write.To(Loop.Of(id), loop => [.. loop.DueBefore(now)]);
}
