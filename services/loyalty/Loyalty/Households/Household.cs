using System.Collections.Immutable;

namespace CrmPlatform.Loyalty.Households;

/// <summary>What can happen to a household.</summary>
public interface IHouseholdEvent
{
    DateTimeOffset OccurredAt { get; }
}

public sealed record HouseholdFounded(Guid HeadId, DateTimeOffset OccurredAt) : IHouseholdEvent;

public sealed record HouseholdMemberInvited(Guid CustomerId, DateTimeOffset OccurredAt) : IHouseholdEvent;

public sealed record HouseholdMemberEntered(Guid CustomerId, DateTimeOffset OccurredAt) : IHouseholdEvent;

/// <summary>An invitation came to nothing.</summary>
public sealed record HouseholdInvitationDropped(Guid CustomerId, DateTimeOffset OccurredAt) : IHouseholdEvent;

/// <param name="Reason">A code: <c>left</c>, <c>forgotten</c>.</param>
public sealed record HouseholdMemberLeft(Guid CustomerId, string Reason, DateTimeOffset OccurredAt) : IHouseholdEvent;

/// <summary>The head left: whoever is there longest follows.</summary>
public sealed record HouseholdHeadChanged(Guid From, Guid To, DateTimeOffset OccurredAt) : IHouseholdEvent;

/// <summary>Nobody is left.</summary>
public sealed record HouseholdDissolved(DateTimeOffset OccurredAt) : IHouseholdEvent;

/// <summary>Members who may transfer points to one another, and who was asked to join them.</summary>
public sealed record Household : IAggregate<Household, IHouseholdEvent>
{
    public static Household Initial { get; } = new();

    public static Stream<Household, IHouseholdEvent> Of(Guid id) => new(id);

    public Guid? HeadId { get; init; }

    /// <summary>In the order in which they came.</summary>
    public ImmutableList<Guid> Members { get; init; } = [];
    public ImmutableHashSet<Guid> Invited { get; init; } = [];
    public bool IsDissolved { get; init; }

    /// <exception cref="NotFoundException">It was never founded.</exception>
    public Household Known(Guid id) => HeadId is null ? throw new NotFoundException("household", id) : this;

    public Household After(IEnumerable<IHouseholdEvent> events) => events.Aggregate(this, (household, e) => household.Evolve(e));

    public Household Evolve(IHouseholdEvent @event) =>
        @event switch
        {
            HouseholdFounded e => this with { HeadId = e.HeadId, Members = [e.HeadId] },
            HouseholdMemberInvited e => this with { Invited = Invited.Add(e.CustomerId) },
            HouseholdMemberEntered e => this with { Invited = Invited.Remove(e.CustomerId), Members = Members.Add(e.CustomerId) },
            HouseholdInvitationDropped e => this with { Invited = Invited.Remove(e.CustomerId) },
            HouseholdMemberLeft e => this with { Members = Members.Remove(e.CustomerId) },
            HouseholdHeadChanged e => this with { HeadId = e.To },
            HouseholdDissolved => this with { IsDissolved = true, Invited = [] },
            _ => this,
        };
}
