namespace CrmPlatform.EventSourcing;

/// <summary>The state that a stream's events fold to. A state holds what decisions ask, and no personal data.</summary>
public interface IAggregate<TSelf, in TEvent>
    where TSelf : class, IAggregate<TSelf, TEvent>
{
    /// <summary>The stream that is not there yet.</summary>
    static abstract TSelf Initial { get; }

    /// <summary>Total and pure: an event that means nothing to this state changes nothing.</summary>
    TSelf Evolve(TEvent @event);
}
