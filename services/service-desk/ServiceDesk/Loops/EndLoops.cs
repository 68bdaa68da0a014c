using CrmPlatform.ServiceDesk.Customers;

namespace CrmPlatform.ServiceDesk.Loops;

/// <summary>Ends the loops of whoever was forgotten. It works on what is there, so it also finds a loop that was opened late.</summary>
public sealed class EndLoops(DeskOptions options) : IDueWork
{
    public string Name => "forgotten-loops";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from row in await connection.QueryAsync<(Guid Loop, Guid Customer)>(
            new CommandDefinition(
                """
                select loop_id, customer_id from loops join customer_standings using (customer_id)
                where closed_at is null and forgotten order by opened_at
                """,
                cancellationToken: ct
            )
        )
        select Write.To(
            Loop.Of(row.Loop),
            CustomerStanding.Of(row.Customer),
            (loop, customer) =>
            {
                if (loop.State is { Opened: not null, Closed: false } && customer.State.Forgotten)
                    loop.Append([new LoopEnded(now > loop.State.LastAt ? now : loop.State.LastAt)]);
            }
        );
}
