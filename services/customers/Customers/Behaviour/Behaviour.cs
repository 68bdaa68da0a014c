namespace CrmPlatform.Customers.Behaviour;

/// <summary>What a customer looks at and whom they speak with. Only noted, never decided on, so nothing is folded.</summary>
public sealed record Visits : IAggregate<Visits, IBehaviourEvent>
{
    public static Visits Initial { get; } = new();

    public Visits Evolve(IBehaviourEvent @event) => this;

    public static Guid IdOf(Guid customerId) => NameId.For("behaviour", customerId.ToString());

    public static Stream<Visits, IBehaviourEvent> Of(Guid customerId) => new(IdOf(customerId));
}

public interface IBehaviourEvent;

public sealed record PageSeen(Guid CustomerId, Guid PageViewId, string Page, string? Category, string Channel, DateTimeOffset OccurredAt)
    : IBehaviourEvent;

/// <summary>Topic is a code. What was said is not kept here: conversations belong to the service desk.</summary>
/// <param name="ContactId">With whom, where the customer is a company.</param>
public sealed record Interacted(
    Guid CustomerId,
    Guid InteractionId,
    string Channel,
    string Direction,
    string Topic,
    bool Answered,
    DateTimeOffset OccurredAt,
    Guid? ContactId = null
) : IBehaviourEvent;
