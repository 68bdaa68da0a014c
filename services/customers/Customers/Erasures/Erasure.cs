using CrmPlatform.Contracts;

namespace CrmPlatform.Customers.Erasures;

/// <summary>The process of forgetting one person: complete when every context has said that it holds nothing that names them.</summary>
public sealed record Erasure(DateTimeOffset? RequestedAt, IReadOnlyDictionary<string, DateTimeOffset> Acknowledged) : IAggregate<Erasure, IErasureEvent>
{
    public static IReadOnlyList<string> Needed { get; } = [.. ContextMap.Contexts];

    public static Erasure Initial { get; } = new(null, new Dictionary<string, DateTimeOffset>());

    public Erasure Evolve(IErasureEvent @event) => @event switch
    {
        ErasureRequested e => this with { RequestedAt = e.OccurredAt, Acknowledged = new Dictionary<string, DateTimeOffset>(Acknowledged) { [ContextMap.Customers] = e.OccurredAt } },
        ErasureAcknowledged e => this with { Acknowledged = new Dictionary<string, DateTimeOffset>(Acknowledged) { [e.Context] = e.OccurredAt } },
        _ => this,
    };

    public IEnumerable<string> Outstanding => Needed.Where(c => !Acknowledged.ContainsKey(c));

    public static Guid IdOf(Guid customerId) => NameId.For("erasure", customerId.ToString());

    public static Stream<Erasure, IErasureEvent> Of(Guid customerId) => new(IdOf(customerId));
}

public interface IErasureEvent;

/// <summary>Reason is a code: consent-withdrawn, request, purpose-achieved, retention.</summary>
public sealed record ErasureRequested(Guid CustomerId, string Reason, DateTimeOffset OccurredAt) : IErasureEvent;

public sealed record ErasureAcknowledged(Guid CustomerId, string Context, DateTimeOffset OccurredAt) : IErasureEvent;
