namespace CrmPlatform.EventSourcing;

/// <summary>The state that a stream's events fold to. It holds what decisions need, and no personal data.</summary>
public interface IAggregate<TSelf, in TEvent>
    where TSelf : class, IAggregate<TSelf, TEvent>
{
    /// <summary>The state of a stream that does not exist yet.</summary>
    static abstract TSelf Initial { get; }

    /// <summary>Must be pure, and must accept every event: one that does not matter to this state returns the state unchanged.</summary>
    TSelf Evolve(TEvent @event);
}
