using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>Records what a customer said, other than in a ticket or in a survey. The rules code it within seconds.</summary>
/// <param name="Source">Where, as a code: <c>review</c>, <c>call</c>; of a <c>suggestion</c> its author sees what becomes of it.</param>
/// <param name="Channel">How it came, as a code: <c>web</c>.</param>
/// <param name="Text">What the customer said.</param>
/// <param name="OccurredAt">When they said it: now if left out; not in the future.</param>
public sealed record GiveFeedback(
    Guid CustomerId,
    [property: Required, Code] string Source,
    [property: Required, Code] string Channel,
    [property: Required, StringLength(20_000, MinimumLength = 1)] string Text,
    DateTimeOffset? OccurredAt = null
)
{
    static readonly string[] taken = [FeedbackList.Ticket, FeedbackList.Survey];

    public IFeedbackEvent[] Decide(FeedbackItem item, Standing? standing, DateTimeOffset now) =>
        standing switch
        {
            _ when item.Source is not null => [],
            null => throw new RuleViolationException("customer-unknown", "There is no such customer.", "customerId"),
            { Forgotten: true } => throw new RuleViolationException(
                "customer-forgotten",
                "The customer was forgotten; nothing of theirs is kept.",
                "customerId"
            ),
            _ =>
            [
                new FeedbackReceived(
                    CustomerId,
                    Source,
                    Channel,
                    Clocks.Told(OccurredAt, now),
                    Personal.Of(CustomerId, new MessageText(Text))
                ),
            ],
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "feedback",
                "Record what a customer said",
                "service-desk.customer",
                async (
                    GiveFeedback command,
                    Request request,
                    EventStore store,
                    NpgsqlDataSource db,
                    Registered registered,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    if (command.CustomerId == Guid.Empty)
                        throw new BadRequestException("customerId", "the id of a customer");
                    if (taken.Contains(command.Source))
                        throw new BadRequestException("source", "a code other than " + string.Join(" and ", taken));
                    var standing = await Standing.Of(db, command.CustomerId, ct) ?? await registered.Ask(command.CustomerId, http);
                    var id = request.NewId;
                    request.Creates(id, $"/api/service-desk/feedback/{id}");
                    return request.Done(
                        await store.Write(request, FeedbackItem.Of(id), item => command.Decide(item, standing, request.Now))
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses("customer-unknown", "customer-forgotten", "in-the-future");
}
