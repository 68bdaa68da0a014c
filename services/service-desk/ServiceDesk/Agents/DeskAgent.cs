using System.Collections.Immutable;

namespace CrmPlatform.ServiceDesk.Agents;

public interface IAgentEvent;

/// <summary>What an agent is able to take.</summary>
/// <param name="Subject">The subject of their token.</param>
/// <param name="Languages">That they speak; empty: any.</param>
/// <param name="Categories">Of tickets; empty: any.</param>
/// <param name="Tiers">For which they are certified.</param>
/// <param name="Capacity">How many open tickets they are given at most.</param>
public sealed record AgentSet(
    string Subject,
    IReadOnlyList<string> Languages,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Tiers,
    int Capacity,
    DateTimeOffset OccurredAt
) : IAgentEvent
{
    public bool Equals(AgentSet? other) => other is not null && (Subject, OccurredAt) == (other.Subject, other.OccurredAt) && IsSame(other);

    public bool IsSame(AgentSet other) =>
        Capacity == other.Capacity
        && Languages.SequenceEqual(other.Languages)
        && Categories.SequenceEqual(other.Categories)
        && Tiers.SequenceEqual(other.Tiers);

    public override int GetHashCode() => HashCode.Combine(Subject, OccurredAt);
}

/// <param name="State"><c>available</c>, <c>busy</c> or <c>away</c>.</param>
/// <param name="Until">When it ends by itself; null if it does not.</param>
/// <param name="By">Subject of who said it.</param>
public sealed record AgentStateSet(string Subject, string State, DateTimeOffset? Until, string By, DateTimeOffset OccurredAt) : IAgentEvent;

/// <summary>A customer was given to them as theirs.</summary>
public sealed record CustomerTaken(Guid CustomerId, DateTimeOffset OccurredAt) : IAgentEvent;

/// <summary>A customer is theirs no longer.</summary>
public sealed record CustomerLeft(Guid CustomerId, DateTimeOffset OccurredAt) : IAgentEvent;

/// <summary>An agent 客服 of the desk.</summary>
public sealed record DeskAgent : IAggregate<DeskAgent, IAgentEvent>
{
    /// <summary>How many customers may be theirs.</summary>
    public const int MostCustomers = 200;

    public const string Available = "available",
        Busy = "busy",
        Away = "away";

    public static DeskAgent Initial { get; } = new();

    public static Stream<DeskAgent, IAgentEvent> Of(string subject) => new(NameId.For("agent", subject));

    /// <summary>What was set last; null of who is no agent.</summary>
    public AgentSet? Set { get; private init; }
    public string State { get; private init; } = Away;
    public DateTimeOffset? Until { get; private init; }

    /// <summary>Whose dedicated agent they are.</summary>
    public ImmutableHashSet<Guid> Customers { get; private init; } = [];

    public DeskAgent Evolve(IAgentEvent @event) =>
        @event switch
        {
            AgentSet e => this with { Set = e },
            AgentStateSet e => this with { State = e.State, Until = e.Until },
            CustomerTaken e => this with { Customers = Customers.Add(e.CustomerId) },
            CustomerLeft e => this with { Customers = Customers.Remove(e.CustomerId) },
            _ => this,
        };

    /// <summary>The state at an instant: when it ends, who was available is away, and everybody else is available.</summary>
    public static string StateAt(string state, DateTimeOffset? until, DateTimeOffset instant) =>
        until is null || instant < until ? state
        : state == Available ? Away
        : Available;
}
