namespace CrmPlatform.Customers.Behaviour;

/// <summary>Somebody spoke with the customer, in either direction.</summary>
public sealed record RecordInteraction(
    [property: Required, Code(30)] string Channel,
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
                async (Guid id, RecordInteraction command, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var at = Clocks.Told(command.OccurredAt, request.Now);
                    await db.Check(id, ct);
                    var interaction = command.InteractionId ?? request.NewId;
                    var fact = new Interacted(
                        CustomerId: id,
                        InteractionId: interaction,
                        Channel: command.Channel,
                        Direction: command.Direction,
                        Topic: command.Topic,
                        Answered: command.Answered,
                        OccurredAt: at
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
            .Refuses("customer-unknown", "customer-forgotten", "in-the-future");
}
