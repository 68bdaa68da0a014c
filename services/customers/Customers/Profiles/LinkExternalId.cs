namespace CrmPlatform.Customers.Profiles;

/// <summary>Another system's number for a customer. One that belongs to somebody else is refused (409), never re-pointed.</summary>
public static class LinkExternalId
{
    public static ICustomerEvent[] Decide(Customer customer, ExternalId externalId, DateTimeOffset now) =>
        customer.Known().ExternalIds.Contains(externalId.Normal()) ? [] : [new ExternalIdLinked(externalId.Normal(), now)];

    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/external-ids",
                "Link an external id",
                "customers.write",
                async (Guid id, ExternalId command, Request request, EventStore store) =>
                    request.Done(await Directory.Unique(() => store.Write(request, Customer.Of(id), c => Decide(c, command, request.Now))))
            )
            .Refuses("customer-unknown", "customer-forgotten")
            .Duplicates("duplicate-identity");
}
