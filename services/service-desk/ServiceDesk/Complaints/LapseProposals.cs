using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Records that a proposal lapsed without an answer, dated at its end.</summary>
public sealed class LapseProposals(DeskOptions options) : IDueWork
{
    public string Name => "lapsed-proposals";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from id in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                $"""
                select ticket_id from complaints join ticket_list using (ticket_id)
                where proposal_until < @now and {BreachClock.Settled} order by proposal_until
                """,
                new { now, since = now - options.ImportSettles },
                cancellationToken: ct
            )
        )
        select Write.To(Ticket.Of(id), ticket => ticket.DueBefore(now).ToArray());
}
