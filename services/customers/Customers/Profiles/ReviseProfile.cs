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
    public ICustomerEvent[] Decide(Customer customer, Guid id, DateTimeOffset now, string region)
    {
        var details = Profile.Details(customer.Known().Kind, Contacts, Addresses, now, region).Carried(customer.Details);
        return
        [
            new ProfileRevised(customer.Kind, Personal.Of(id, details), now),
            .. NoteBirthday.Decide(customer, id, Profile, now),
            .. Reopened(customer, details, now),
        ];
    }

    /// <summary>Findings that were waived, of fields that change.</summary>
    internal static IEnumerable<FindingReopened> Reopened(Customer customer, PersonalDetails revised, DateTimeOffset now) =>
        customer
            .Waived.Where(waived => ProfileFields.Differ(customer.Details, revised, waived.Value.Field))
            .Select(waived => waived.Key)
            .Order(StringComparer.Ordinal)
            .Select(rule => new FindingReopened(rule, now));

    public static void Map(CrmService room) =>
        room.MapPut(
                "{id:guid}/profile",
                "Replace a customer's profile",
                "customers.write",
                async (Guid id, ReviseProfile command, Request request, EventStore store, Business business, AskProfileGate gate) =>
                {
                    var pass = await gate(request.Cancelled);
                    return request.Done(
                        await store.Write(request, Customer.Of(id), c => pass(c, command.Decide(c, id, request.Now, business.Region)))
                    );
                }
            )
            .Refuses(
                "customer-unknown",
                "customer-forgotten",
                "enterprise-only",
                "unknown-role",
                "birth-date-in-future",
                "invalid-contact",
                "in-the-future"
            )
            .Refuses(ProfileGate.Codes);
}
