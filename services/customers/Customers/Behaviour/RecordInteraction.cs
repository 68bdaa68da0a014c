namespace CrmPlatform.Customers.Behaviour;

/// <summary>Somebody spoke with the customer, in either direction.</summary>
/// <param name="Channel">How they spoke, in the business's words: <c>phone</c>, <c>wechat</c>.</param>
/// <param name="Direction"><c>inbound</c> if the customer began, <c>outbound</c> if the company did.</param>
/// <param name="Topic">What it was about, as a code, never free text: <c>delivery</c>.</param>
/// <param name="OccurredAt">When they spoke; not in the future.</param>
/// <param name="Answered">Whether the other side answered; true if left out.</param>
/// <param name="InteractionId">Id of the interaction in the system that saw it; sent again it is the same interaction. Made if left
/// out.</param>
/// <param name="ContactId">The contact of the company with whom they spoke; only where the customer is a company.</param>
public sealed record RecordInteraction(
    [property: Required, Code(30)] string Channel,
    [property: Required, OneOf("inbound", "outbound")] string Direction,
    [property: Required, Code] string Topic,
    DateTimeOffset OccurredAt,
    bool Answered = true,
    Guid? InteractionId = null,
    Guid? ContactId = null
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
                    if (command.ContactId is { } contact)
                        await db.CheckContact(id, contact, ct);
                    var interaction = command.InteractionId ?? request.NewId;
                    var fact = new Interacted(
                        CustomerId: id,
                        InteractionId: interaction,
                        Channel: command.Channel,
                        Direction: command.Direction,
                        Topic: command.Topic,
                        Answered: command.Answered,
                        OccurredAt: at,
                        ContactId: command.ContactId
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
            .Refuses("customer-unknown", "customer-forgotten", "contact-unknown", "in-the-future");
}
