using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Behaviour;

/// <summary>Somebody spoke with the customer, in either direction.</summary>
public sealed record RecordInteraction(
    [property: Required, StringLength(30, MinimumLength = 1)] string Channel,
    [property: Required, OneOf("inbound", "outbound")] string Direction,
    [property: Required, Code] string Topic,
    DateTimeOffset OccurredAt,
    bool Answered = true,
    Guid? InteractionId = null
)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/interactions",
                "Record an interaction",
                "customers.behaviour.write",
                async (
                    Guid id,
                    RecordInteraction command,
                    Request request,
                    EventStore store,
                    KnownCustomers customers,
                    CancellationToken ct
                ) =>
                {
                    if (command.OccurredAt > request.Now.AddMinutes(5))
                        throw new RuleViolationException("in-the-future", "An interaction cannot lie in the future.", "occurredAt");
                    await customers.Resolve(id, null, ct);
                    var interaction = command.InteractionId ?? request.NewId;
                    var fact = new Interacted(
                        CustomerId: id,
                        InteractionId: interaction,
                        Channel: command.Channel,
                        Direction: command.Direction,
                        Topic: command.Topic,
                        Answered: command.Answered,
                        OccurredAt: command.OccurredAt.ToUniversalTime()
                    );
                    request.Creates(interaction, $"/api/customers/{id}/timeline", version: 1);
                    return request.Done(
                        await store.Write(
                            request,
                            Write.Append(Visits.Of(id), fact).ButOnce(NameId.For("interaction", id.ToString(), interaction.ToString()))
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses("customer-unknown", "in-the-future");
}
