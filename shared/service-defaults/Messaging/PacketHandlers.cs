namespace CrmPlatform.ServiceDefaults;

/// <summary>Processes the facts that a room receives.</summary>
public interface IPacketHandler
{
    /// <summary>
    /// Handles the facts in one transaction and in their order. It is idempotent: a fact that is delivered again has no further effect.
    /// </summary>
    /// <param name="alongside">Adds statements that commit with them.</param>
    Task Handle(IReadOnlyList<Fact> facts, Action<SqlBatch>? alongside, CancellationToken ct);
}

/// <summary>Handler of a room with an event log: its reactions translate facts into writes.</summary>
sealed class ReactionHandler(EventStore store, Reactions reactions, IServiceProvider services) : IPacketHandler
{
    public async Task Handle(IReadOnlyList<Fact> facts, Action<SqlBatch>? alongside, CancellationToken ct)
    {
        List<Write> writes = [.. facts.SelectMany(fact => reactions.To(fact, services))];
        if (writes.Count > 0)
            await store.Execute(writes, alongside, ct);
    }
}
