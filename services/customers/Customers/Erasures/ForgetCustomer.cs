using CrmPlatform.Customers.Companies;
using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Erasures;

/// <summary>
/// Forgets a person (PIPL article 47): their key and every searchable trace go in this transaction; the other contexts follow and
/// acknowledge. The contacts of companies that the person is, or that a company has, are forgotten with it. The id of a contact forgets
/// that contact only. Doing it again does it again, which is what a restore of an older backup needs.
/// </summary>
/// <param name="Reason"><c>request</c> (the person asked), <c>consent-withdrawn</c>, <c>purpose-achieved</c> or <c>retention</c> (kept long
/// enough).</param>
/// <param name="Group">Of a customer who is one with others: true forgets the person, that is all of them; false only this one, as if they
/// were not one. It must be said, unless all others were forgotten.</param>
public sealed record ForgetCustomer(
    [property: OneOf("request", "consent-withdrawn", "purpose-achieved", "retention")] string Reason = "request",
    bool? Group = null
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
                async (Guid id, ForgetCustomer command, Request request, EventStore store, KnownGroups groups, NpgsqlDataSource db) =>
                {
                    if (await ForgetContact.Concerns(id, db, request.Cancelled))
                        return request.Done(
                            await store.Write(request, CompanyContact.Of(id), c => ForgetContact.Decide(c, id, request.Now))
                        );
                    return await GroupChangedException.Again(async () =>
                    {
                        var members = await groups.MembersOf(id, request.Cancelled);
                        if (command.Group is null && await Living(id, members, db, request.Cancelled) is { Count: > 0 } others)
                            throw new RuleViolationException(
                                "forget-group",
                                $"They are one with {string.Join(", ", others)}: say whether all are to be forgotten.",
                                "group"
                            );
                        return request.Done(await command.Forget(id, command.Group == false ? [id] : members, request, store, db));
                    });
                }
            )
            .Refuses("forget-group");

    static Task<List<Guid>> Living(Guid id, IReadOnlyList<Guid> members, NpgsqlDataSource db, CancellationToken ct) =>
        db.Query<Guid>(
            "select id from directory where id = any(@others) and not forgotten order by id",
            new { others = members.Where(m => m != id).ToArray() },
            ct
        );

    /// <param name="members">All of the customer's group, or the customer alone.</param>
    async Task<WriteResult> Forget(Guid id, IReadOnlyList<Guid> members, Request request, EventStore store, NpgsqlDataSource db)
    {
        var contacts = new List<Guid>();
        foreach (var member in members)
            contacts.AddRange(await ForgetContact.With(member, db, request.Cancelled));
        return await store.Write(
            request,
            Write.To(
                [.. members.OrderBy(m => m != id).Select(Customer.Of)],
                [.. members.OrderBy(m => m != id).Select(Erasure.Of)],
                [.. contacts.Distinct().Select(CompanyContact.Of)],
                (customers, erasures, others) =>
                {
                    var now = request.Now;
                    if (Group != false && !customers[0].State.GroupOf(id).Members.ToHashSet().SetEquals(members))
                        throw new GroupChangedException();
                    foreach (var (customer, erasure) in customers.Zip(erasures))
                    {
                        customer.Append(Decide(customer.State, customer.Id, now));
                        erasure.Append(Begin(erasure.State, customer.Id, now));
                    }
                    foreach (var contact in others)
                        contact.Append(ForgetContact.Decide(contact.State, contact.Id, now));
                }
            )
        );
    }
}
