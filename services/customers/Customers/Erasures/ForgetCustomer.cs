using CrmPlatform.Customers.Companies;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Erasures;

/// <summary>
/// Forgets a person (PIPL article 47): their key and every searchable trace go in this transaction; the other contexts follow and
/// acknowledge. The contacts of companies that the person is, or that a company has, are forgotten with it. The id of a contact forgets
/// that contact only. Doing it again does it again, which is what a restore of an older backup needs.
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
            "Forget a customer, or a contact of a company",
            "customers.forget",
            async (Guid id, ForgetCustomer command, Request request, EventStore store, NpgsqlDataSource db) =>
            {
                if (await ForgetContact.Concerns(id, db, request.Cancelled))
                    return request.Done(await store.Write(request, CompanyContact.Of(id), c => ForgetContact.Decide(c, id, request.Now)));
                var contacts = await ForgetContact.With(id, db, request.Cancelled);
                return request.Done(
                    await store.Write(
                        request,
                        Write.To(
                            Customer.Of(id),
                            Erasure.Of(id),
                            [.. contacts.Select(CompanyContact.Of)],
                            (customer, erasure, others) =>
                            {
                                var now = request.Now;
                                customer.Append(Decide(customer.State, id, now));
                                erasure.Append(command.Begin(erasure.State, id, now));
                                foreach (var contact in others)
                                    contact.Append(ForgetContact.Decide(contact.State, contact.Id, now));
                            }
                        )
                    )
                );
            }
        );
}
