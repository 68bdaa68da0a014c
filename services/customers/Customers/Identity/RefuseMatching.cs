using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>
/// Whether the customer may be compared with others: who refuses it (PIPL article 24) is found for nobody and merged by no machine.
/// Somebody may still merge them.
/// </summary>
/// <param name="Allowed">False if the customer refuses it.</param>
public sealed record RefuseMatching([property: Required] bool? Allowed)
{
    public ICustomerEvent[] Decide(Customer customer, DateTimeOffset now) =>
        customer.Known().RefusesMatching != Allowed ? []
        : Allowed == true ? [new MatchingAllowed(now)]
        : [new MatchingRefused(now)];

    public static void Map(CrmService room) =>
        room.MapPut(
                "{id:guid}/matching",
                "Allow or refuse that a customer is compared with others",
                "customers.write",
                async (Guid id, RefuseMatching command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Customer.Of(id), c => command.Decide(c, request.Now)))
            )
            .Refuses("customer-unknown", "customer-forgotten");
}
