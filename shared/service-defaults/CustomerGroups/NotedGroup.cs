namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// The group of a customer, as it was told last. The stream has an id of its own, since a room's stream of the customer may have the
/// customer's.
/// </summary>
/// <param name="SurvivorId">The member under whose id the group is shown; null if none was told.</param>
/// <param name="Members">All members, the survivor first; empty if none was told.</param>
public sealed record NotedGroup(Guid? SurvivorId, IReadOnlyList<Guid> Members) : IAggregate<NotedGroup, IGroupEvent>
{
    public static NotedGroup Initial { get; } = new(null, []);

    public static Stream<NotedGroup, IGroupEvent> Of(Guid customerId) => new(NameId.For("customer-group", customerId.ToString()));

    public NotedGroup Evolve(IGroupEvent @event) => @event is GroupNoted e ? new(e.SurvivorId, e.Members) : this;

    public bool Is(Guid survivor, IReadOnlyList<Guid> members) => SurvivorId == survivor && Members.SequenceEqual(members);
}
