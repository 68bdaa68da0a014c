using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Erasures;

/// <summary>
/// Forgets a person (PIPL article 47): their key and every searchable trace go in this transaction; the other contexts follow and acknowledge.
/// Doing it again does it again, which is what a restore of an older backup needs.
/// </summary>
public sealed record ForgetCustomer([property: RegularExpression("^(request|consent-withdrawn|purpose-achieved|retention)$", ErrorMessage = "reason must be request, consent-withdrawn, purpose-achieved or retention")] string Reason = "request")
{
    public static ICustomerEvent[] Decide(Customer customer, Guid id, DateTimeOffset now) =>
        !customer.Exists ? throw new NotFoundException("customer", id) : customer.Forgotten ? [] : [new CustomerForgotten(id, now)];

    public IErasureEvent[] Begin(Erasure erasure, Guid id, DateTimeOffset now) => erasure.RequestedAt is null ? [new ErasureRequested(id, Reason, now)] : [];

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/customers/{id:guid}/forget", async (Guid id, ForgetCustomer command, EventStore store, TimeProvider clock, CancellationToken ct) =>
    {
        var now = clock.GetUtcNow();
        var done = await store.WriteToAggregates([Write.To(id, (Customer c) => Decide(c, id, now)), Write.To(Erasure.IdOf(id), (Erasure e) => command.Begin(e, id, now))], ct: ct);
        return Answer.Done(id, done[0].Version);
    }).RequirePermission("customers.forget").Idempotent().Produces<Changed>().WithName("ForgetCustomer").WithSummary("Forget a customer");
}
