using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Erasures;

/// <summary>
/// Forgets a person (PIPL article 47): their key and every searchable trace go in this transaction; the other contexts follow and
/// acknowledge. Doing it again does it again, which is what a restore of an older backup needs.
/// </summary>
/// <param name="Reason"><c>request</c> (the person asked), <c>consent-withdrawn</c>, <c>purpose-achieved</c> or <c>retention</c> (kept long
/// enough).</param>
public sealed record ForgetCustomer(
    [property: OneOf("request", "consent-withdrawn", "purpose-achieved", "retention")] string Reason = "request"
)
{
    public static ICustomerEvent[] Decide(Customer customer, Guid id, DateTimeOffset now) =>
        !customer.Exists ? throw new NotFoundException("customer", id)
        : customer.Forgotten ? []
        : [new CustomerForgotten(id, now)];

    public IErasureEvent[] Begin(Erasure erasure, Guid id, DateTimeOffset now) =>
        erasure.RequestedAt is null ? [new ErasureRequested(id, Reason, now, Erasure.Rooms)] : [];

    public static void Map(CrmService room) =>
        room.MapPost(
            "{id:guid}/forget",
            "Forget a customer",
            "customers.forget",
            async (Guid id, ForgetCustomer command, Request request, EventStore store) =>
                request.Done(
                    await store.Write(
                        request,
                        Customer.Of(id),
                        Erasure.Of(id),
                        (customer, erasure) =>
                        {
                            var now = request.Now;
                            customer.Append(Decide(customer.State, id, now));
                            erasure.Append(command.Begin(erasure.State, id, now));
                        }
                    )
                )
        );
}
