using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>Records promises that were broken, dated at their due instants.</summary>
public sealed class BreachClock(DeskOptions options) : IDueWork
{
    public string Name => "broken-promises";
    public TimeSpan Every => options.BreachEvery;

    public Task<IEnumerable<Guid>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
        => connection.QueryAsync<Guid>(new CommandDefinition("select ticket_id from tickets where breach_at < @now order by breach_at", new { now }, cancellationToken: ct));

    public Write Do(Guid stream, DateTimeOffset now) => Write.To(stream, (Ticket ticket) => ticket.BrokenBefore(now).ToArray());
}
