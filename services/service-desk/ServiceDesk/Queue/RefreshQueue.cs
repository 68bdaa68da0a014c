using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Queue;

/// <summary>
/// Writes down the classes of tickets whose class has ended by time alone, so that the queue need not compute them for each page; and
/// corrects tiers that were told while a ticket was being opened. Late or on several replicas it changes no answer of the queue.
/// </summary>
public sealed class RefreshQueue(NpgsqlDataSource db, TimeProvider clock) : IPeriodic
{
    const int AtOnce = 5_000;
    static readonly TimeSpan tiersEvery = TimeSpan.FromMinutes(1);
    DateTimeOffset tiersAt;

    public string Name => "queue-classes";
    public TimeSpan Every => TimeSpan.FromSeconds(5);
    public FirstRun First => FirstRun.AtOnce;

    // Rows that a command holds are left for the next time: this waits for nobody, so nobody waits in a circle.
    static readonly string classes = $"""
        update ticket_queue set class = {QueueOrder.ClassAt("@now")}, class_from = @now, class_until = {QueueOrder.ClassEnds("@now")}
        where ticket_id in (
            select ticket_id from ticket_queue where class_until <= @now and class_from < @now order by class_until limit @AtOnce
            for update skip locked)
        """;

    static readonly string tiers = $"""
        with wrong as (
            select ticket_id, tier_now from (select ticket_id, tier, {TicketQueue.Tier} as tier_now from ticket_queue q) q
            where tier <> tier_now),
        held as (select ticket_id from ticket_queue where ticket_id in (select ticket_id from wrong) for update skip locked)
        update ticket_queue q set tier = tier_now from wrong join held using (ticket_id) where q.ticket_id = wrong.ticket_id
        """;

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(ct);
        while (await connection.ExecuteAsync(new CommandDefinition(classes, new { now, AtOnce }, cancellationToken: ct)) == AtOnce) { }
        if (now - tiersAt < tiersEvery)
            return;
        await connection.ExecuteAsync(new CommandDefinition(tiers, cancellationToken: ct));
        tiersAt = now;
    }
}
