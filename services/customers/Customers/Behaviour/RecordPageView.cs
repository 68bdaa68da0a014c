namespace CrmPlatform.Customers.Behaviour;

/// <summary>
/// A customer viewed a page. What is kept of its address says <see cref="PagePath"/>. The page view's own id makes it idempotent.
/// </summary>
public sealed record RecordPageView(
    [property: Required, StringLength(300, MinimumLength = 1)] string Page,
    [property: Required, Code(30)] string Channel,
    DateTimeOffset OccurredAt,
    [property: Label(80)] string? Category = null,
    Guid? PageViewId = null
)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/page-views",
                "Record a page view",
                "customers.behaviour.write",
                async (Guid id, RecordPageView command, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var at = Clocks.Told(command.OccurredAt, request.Now);
                    await db.Check(id, ct);
                    var view = command.PageViewId ?? request.NewId;
                    var fact = new PageSeen(id, view, PagePath.Of(command.Page), command.Category, command.Channel, at);
                    request.Creates(view, $"/api/customers/{id}/timeline", version: 1);
                    return request.Done(
                        await store.Write(
                            request,
                            Write.Append(Visits.Of(id), fact).ButOnce(NameId.For("page-view", id.ToString(), view.ToString()))
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses("customer-unknown", "customer-forgotten", "in-the-future");
}
