namespace CrmPlatform.ServiceDefaults;

/// <summary>What a room makes of the facts that it hears.</summary>
public interface IPacketHandler
{
    /// <summary>Handles the facts in one transaction, each once, however often it is heard; the outcome is that of their order.</summary>
    /// <param name="alongside">Adds statements that commit with them.</param>
    Task Handle(IReadOnlyList<Fact> facts, Action<SqlBatch>? alongside, CancellationToken ct);
}

/// <summary>A room with a log: its reactions translate facts into writes.</summary>
sealed class ReactionHandler(EventStore store, Reactions reactions, IServiceProvider services) : IPacketHandler
{
    public async Task Handle(IReadOnlyList<Fact> facts, Action<SqlBatch>? alongside, CancellationToken ct)
    {
        List<Write> writes = [.. facts.SelectMany(fact => reactions.To(fact, services))];
        if (writes.Count > 0)
            await store.Execute(writes, alongside, ct);
    }
}
