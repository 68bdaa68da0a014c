using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Records that a clock of a case at an authority is over, dated at its due instant; the lead is told.</summary>
public sealed class WatchExternalCases(DeskOptions options) : IDueWork
{
    const string Sql = $"""
        select ticket_id from external_cases join ticket_list using (ticket_id)
        where ended_at is null and {BreachClock.Settled} and (
            accepted_at is null and acceptance_due_at < @now and '{ExternalCase.Acceptance}' <> all(told)
            or mediation_due_at < @now and '{ExternalCase.Mediation}' <> all(told)
            or answered_at is null and answer_due_at < @now and '{ExternalCase.Answer}' <> all(told))
        """;

    public string Name => "external-cases";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from id in await connection.QueryAsync<Guid>(
            new CommandDefinition(Sql, new { now, since = now - options.ImportSettles }, cancellationToken: ct)
        )
        select Write.To(Ticket.Of(id), ticket => ticket.DueBefore(now).ToArray());
}
