using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Behaviour;

/// <summary>A customer viewed a page. The query string is cut off: it may hold anything. The page view's own id makes it idempotent.</summary>
public sealed record RecordPageView([property: Required, StringLength(300, MinimumLength = 1)] string Page, [property: Required, StringLength(30, MinimumLength = 1)] string Channel, DateTimeOffset OccurredAt,
    [property: StringLength(80)] string? Category = null, Guid? PageViewId = null)
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/customers/{id:guid}/page-views", async (Guid id, RecordPageView command, NewId newId, EventStore store, KnownCustomers customers, TimeProvider clock, CancellationToken ct) =>
    {
        if (command.OccurredAt > clock.GetUtcNow().AddMinutes(5)) throw new RuleViolationException("in-the-future", "A page cannot be viewed in the future.", "occurredAt");
        await customers.Resolve(id, null, ct);
        var view = command.PageViewId ?? newId.Value;
        var fact = new PageSeen(id, view, command.Page.Split('?', '#')[0], command.Category, command.Channel, command.OccurredAt.ToUniversalTime());
        await store.WriteToAggregates([Write.Append<Visits, IBehaviourEvent>(Visits.IdOf(id), NameId.For("page-view", id.ToString(), view.ToString()), fact)], ct: ct);
        return Answer.Created($"/api/customers/{id}/timeline", view, 1);
    }).RequirePermission("customers.behaviour.write").Idempotent().Produces<Changed>(201).WithName("RecordPageView").WithSummary("Record a page view").Refuses("customer-unknown", "in-the-future");
}
