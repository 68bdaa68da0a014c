using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Behaviour;

/// <summary>Somebody spoke with the customer, in either direction.</summary>
public sealed record RecordInteraction([property: Required, StringLength(30, MinimumLength = 1)] string Channel,
    [property: Required, RegularExpression("^(inbound|outbound)$", ErrorMessage = "direction must be inbound or outbound")] string Direction,
    [property: Required, RegularExpression("^[a-z0-9-]{1,60}$", ErrorMessage = "topic must be a code of lower-case letters, digits and hyphens")] string Topic,
    DateTimeOffset OccurredAt, bool Answered = true, Guid? InteractionId = null)
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/customers/{id:guid}/interactions", async (Guid id, RecordInteraction command, NewId newId, EventStore store, KnownCustomers customers, TimeProvider clock, CancellationToken ct) =>
    {
        if (command.OccurredAt > clock.GetUtcNow().AddMinutes(5)) throw new RuleViolationException("in-the-future", "An interaction cannot lie in the future.", "occurredAt");
        await customers.Resolve(id, null, ct);
        var interaction = command.InteractionId ?? newId.Value;
        var fact = new Interacted(id, interaction, command.Channel, command.Direction, command.Topic, command.Answered, command.OccurredAt.ToUniversalTime());
        await store.WriteToAggregates([Write.Append<Visits, IBehaviourEvent>(Visits.IdOf(id), NameId.For("interaction", id.ToString(), interaction.ToString()), fact)], ct: ct);
        return Answer.Created($"/api/customers/{id}/timeline", interaction, 1);
    }).RequirePermission("customers.behaviour.write").Idempotent().Produces<Changed>(201).WithName("RecordInteraction").WithSummary("Record an interaction").Refuses("customer-unknown", "in-the-future");
}
