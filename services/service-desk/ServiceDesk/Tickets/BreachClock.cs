namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// Records broken promises, dated at their due instants. While history of a source is coming in, silence is not silence: the reply may be
/// in the next request. So its tickets wait until nothing of the past has come for a while.
/// </summary>
public sealed class BreachClock(DeskOptions options) : IDueWork
{
    public string Name => "broken-promises";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from id in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                """
                with settling as (select distinct coalesce(source, '') as source from ticket_list where backdated_at > @since)
                select ticket_id from promises join ticket_list using (ticket_id)
                where due_at < @now and breached_at is null and coalesce(source, '') not in (select source from settling)
                group by ticket_id order by min(due_at)
                """,
                new { now, since = now - options.ImportSettles },
                cancellationToken: ct
            )
        )
        select Write.To(Ticket.Of(id), ticket => ticket.BrokenBefore(now).ToArray());
}
