using System.Collections.Immutable;

namespace CrmPlatform.ServiceDesk.Surveys;

public interface IAskedEvent;

public sealed record CustomerAsked(Guid InvitationId, bool Relational, DateTimeOffset OccurredAt) : IAskedEvent;

public sealed record CustomerAnswered(Guid InvitationId, DateTimeOffset OccurredAt) : IAskedEvent;

/// <param name="AnsweredAt">Null if it was not answered.</param>
public sealed record Ask(Guid InvitationId, bool Relational, DateTimeOffset At, DateTimeOffset? AnsweredAt = null);

/// <summary>
/// When one customer was asked by any survey, and when they answered. All decisions to ask pass through this stream, so two at once see one
/// another.
/// </summary>
public sealed record AskedCustomer(ImmutableList<Ask> Asks) : IAggregate<AskedCustomer, IAskedEvent>
{
    public static AskedCustomer Initial { get; } = new([]);

    /// <summary>The stream has an id of its own, since the customer's is taken.</summary>
    public static Stream<AskedCustomer, IAskedEvent> Of(Guid customerId) => new(NameId.For("asked-customer", customerId.ToString()));

    public AskedCustomer Evolve(IAskedEvent @event) =>
        @event switch
        {
            CustomerAsked e => new(Asks.Add(new(e.InvitationId, e.Relational, e.OccurredAt))),
            CustomerAnswered e when Asks.FindIndex(a => a.InvitationId == e.InvitationId && a.AnsweredAt is null) is >= 0 and var i => new(
                Asks.SetItem(i, Asks[i] with { AnsweredAt = e.OccurredAt })
            ),
            _ => this,
        };
}
