using System.Text.Json;
using CrmPlatform.Contracts;

namespace CrmPlatform.Customers.Timelines;

/// <summary>
/// Everything public that happened to one customer, in all contexts, as this one learned of it. It only notes; its facts are the contracts.
/// The portrait is folded from it, so a portrait can be rebuilt without any other service.
/// </summary>
public sealed record Timeline : IAggregate<Timeline, ITimelineEvent>
{
    public static Timeline Initial { get; } = new();

    public Timeline Evolve(ITimelineEvent @event) => this;

    public static Guid IdOf(Guid customerId) => NameId.For("timeline", customerId.ToString());

    public static Stream<Timeline, ITimelineEvent> Of(Guid customerId) => new(IdOf(customerId));

    /// <summary>What this context publishes is noted in the transaction that records it.</summary>
    public static Write? NoteOwn(RecordedEvent e) =>
        CustomersFeed.Translate(e) is { } fact && ContractCatalogue.Of(ContextMap.Customers, fact.Contract.GetType()) is { Internal: false } contract && CustomerOf(fact.Contract) is { } customer
            ? Write.Append(Timeline.Of(customer), new Noted(customer, e.Id, contract.Name, fact.OccurredAt, JsonSerializer.SerializeToElement(fact.Contract, EventStoreOptions.Json)))
            : null;

    /// <summary>What others publish is noted once per event id (the packet consumer's inbox).</summary>
    public static IEnumerable<Write> NoteOthers(Fact fact)
    {
        if (ContractCatalogue.Find(fact.Contract) is { Internal: false } && fact.Data.TryGetProperty("customerId", out var customer) && customer.TryGetGuid(out var id))
            yield return Write.Append(Timeline.Of(id), new Noted(id, fact.EventId, fact.Contract, fact.OccurredAt, fact.Data));
    }

    static Guid? CustomerOf(object contract) => contract switch
    {
        Contracts.PurchaseRecorded p => p.CustomerId,
        Contracts.PurchaseReturned r => r.CustomerId,
        Contracts.CustomerRegistered c => c.CustomerId,
        Contracts.ConsentChanged c => c.CustomerId,
        Contracts.CustomerForgotten c => c.CustomerId,
        Contracts.PageViewed v => v.CustomerId,
        Contracts.InteractionRecorded i => i.CustomerId,
        _ => null,
    };
}

public interface ITimelineEvent;

/// <param name="EventId">Id of the publisher's event.</param>
/// <param name="Contract">Its wire name, <c>loyalty.points-earned</c>.</param>
/// <param name="Data">The contract as published.</param>
public sealed record Noted(Guid CustomerId, Guid EventId, string Contract, DateTimeOffset OccurredAt, JsonElement Data) : ITimelineEvent;
