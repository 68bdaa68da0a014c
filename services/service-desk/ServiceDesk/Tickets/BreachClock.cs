namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Records broken promises, dated at their due instants.</summary>
public sealed class BreachClock(DeskOptions options) : IDueWork
{
    public string Name => "broken-promises";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from id in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                "select ticket_id from tickets where breach_at < @now order by breach_at",
                new { now },
                cancellationToken: ct
            )
        )
        select Write.To(Ticket.Of(id), ticket => ticket.BrokenBefore(now).ToArray());
}
