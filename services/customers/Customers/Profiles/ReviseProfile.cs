namespace CrmPlatform.Customers.Profiles;

/// <summary>The whole profile as it is now. Send If-Match with the version that was read: a stale one is refused.</summary>
/// <param name="Profile">What is known of the person or company; what is left out is removed.</param>
/// <param name="Contacts">All ways to reach them.</param>
/// <param name="Addresses">All their addresses.</param>
public sealed record ReviseProfile(
    [property: Required] Profile Profile,
    [property: MaxLength(20)] IReadOnlyList<Contact>? Contacts = null,
    [property: MaxLength(20)] IReadOnlyList<Address>? Addresses = null
)
{
    public ICustomerEvent[] Decide(Customer customer, Guid id, DateTimeOffset now, string region) =>
        [
            new ProfileRevised(
                customer.Known().Kind,
                Personal.Of(id, Profile.Details(customer.Kind, Contacts, Addresses, now, region).Carried(customer.Details)),
                now
            ),
            .. NoteBirthday.Decide(customer, id, Profile, now),
        ];

    public static void Map(CrmService room) =>
        room.MapPut(
                "{id:guid}/profile",
                "Replace a customer's profile",
                "customers.write",
                async (Guid id, ReviseProfile command, Request request, EventStore store, Business business) =>
                    request.Done(await store.Write(request, Customer.Of(id), c => command.Decide(c, id, request.Now, business.Region)))
            )
            .Refuses(
                "customer-unknown",
                "customer-forgotten",
                "enterprise-only",
                "unknown-role",
                "birth-date-in-future",
                "invalid-contact",
                "in-the-future"
            );
}
