namespace CrmPlatform.ServiceDefaults;

public sealed partial class DeadLetters
{
    /// <summary>
    /// Keeps facts that somebody else sent than they say, for the record: not processed, and not to be retried. They keep no other facts
    /// waiting, or whoever can send such a fact could stop a customer's.
    /// </summary>
    internal async Task Refuse(IReadOnlyList<Fact> facts, string why, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        foreach (var fact in facts)
            try
            {
                log.FactRefused(fact.EventId, why);
                await Keep(connection, fact, "dropped", "refused", why);
            }
            catch (PostgresException e) when (!PacketConsumer.IsPassing(e))
            {
                log.RefusedFactNotKept(e, fact.EventId); // what was sent may be anything
            }
    }
}
