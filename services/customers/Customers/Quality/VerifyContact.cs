using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>Somebody saw that a contact or an address is the customer's. It holds as long as the value stays in the profile.</summary>
/// <param name="Kind"><c>phone</c>, <c>email</c>, <c>wechat</c>, <c>idNumber</c> or <c>address</c>.</param>
/// <param name="Value">The contact, in any spelling; of an address what it is for, like <c>home</c>.</param>
/// <param name="Method">How it was seen: <c>sms</c> or <c>email</c> (a code came back), <c>document</c> or <c>call</c>.</param>
/// <param name="OccurredAt">When: now if left out, not in the future.</param>
public sealed record VerifyContact(
    [property: Required, OneOf("phone", "email", "wechat", "idNumber", "address")] string Kind,
    [property: Required, StringLength(254)] string Value,
    [property: Required, OneOf("sms", "email", "document", "call")] string Method,
    DateTimeOffset? OccurredAt = null
)
{
    /// <exception cref="RuleViolationException"><c>no-such-contact</c>: the profile has none like this.</exception>
    public ICustomerEvent[] Decide(Customer customer, Guid id, DateTimeOffset now, string region)
    {
        var at = Clocks.Told(OccurredAt, now);
        var details = customer.Known().Details;
        var value = Kind == Verification.Address ? Value : ContactKeys.Key(new(Kind, Value), region) ?? Value.Trim();
        (int Place, DateTimeOffset? VerifiedAt)[] there =
            details is null ? []
            : Kind == Verification.Address
                ? [.. details.Addresses.Select((a, i) => (i, a)).Where(a => a.a.Kind == value).Select(a => (a.i, a.a.VerifiedAt))]
            :
            [
                .. details
                    .Contacts.Select((c, i) => (i, c))
                    .Where(c => (c.c.Kind, c.c.Value) == (Kind, value))
                    .Select(c => (c.i, c.c.VerifiedAt)),
            ];
        return there.Length == 0 ? throw new RuleViolationException("no-such-contact", $"The profile has no such {Kind}.", "value")
            : there.All(t => t.VerifiedAt >= at) ? []
            :
            [
                FieldVerified.Of(
                    id,
                    Kind,
                    [.. there.Select(t => t.Place)],
                    value,
                    Enum.Parse<VerificationMethod>(Method, ignoreCase: true),
                    at
                ),
            ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/verifications",
                "Say that a contact or an address was verified",
                "customers.quality.write",
                async (Guid id, VerifyContact command, Request request, EventStore store, Business business) =>
                    request.Done(await store.Write(request, Customer.Of(id), c => command.Decide(c, id, request.Now, business.Region)))
            )
            .Refuses("no-such-contact", "in-the-future", "customer-unknown", "customer-forgotten");
}
