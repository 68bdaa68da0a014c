namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// Records broken promises and steps of escalation, dated at their own instants. While history of a source is coming in, silence is not
/// silence: the reply may be in the next request. So its tickets wait until nothing of the past has come for a while.
/// </summary>
public sealed class BreachClock(DeskOptions options) : IDueWork
{
    public string Name => "broken-promises";
    public TimeSpan Every => options.BreachEvery;

    /// <summary>Of <c>ticket_list</c>: no history of the ticket's source came since <c>@since</c>.</summary>
    public const string Settled = "coalesce(source, '') not in (select coalesce(source, '') from ticket_list where backdated_at > @since)";

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from id in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                $"""
                select ticket_id from promises join ticket_list using (ticket_id)
                where look_at < @now and {Settled}
                group by ticket_id order by min(look_at)
                """,
                new { now, since = now - options.ImportSettles },
                cancellationToken: ct
            )
        )
        select Write.To(Ticket.Of(id), ticket => ticket.DueBefore(now).ToArray());
}
