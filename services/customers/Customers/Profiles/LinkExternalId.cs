namespace CrmPlatform.Customers.Profiles;

/// <summary>Another system's number for a customer. One that belongs to somebody else is refused (409), never re-pointed.</summary>
public static class LinkExternalId
{
    public static ICustomerEvent[] Decide(Customer customer, ExternalId externalId, DateTimeOffset now) =>
        customer.Known().ExternalIds.Contains(externalId) ? [] : [new ExternalIdLinked(externalId, now)];

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/customers/{id:guid}/external-ids",
                async (Guid id, ExternalId command, Request request, EventStore store) =>
                    request.Done(await Directory.Unique(() => store.Write(request, Customer.Of(id), c => Decide(c, command, request.Now))))
            )
            .RequirePermission("customers.write")
            .Idempotent()
            .Produces<Changed>()
            .WithName("LinkExternalId")
            .WithSummary("Link an external id")
            .Refuses("customer-unknown", "customer-forgotten")
            .Duplicates("duplicate-identity");
}
