namespace CrmPlatform.Customers.Profiles;

/// <summary>A customer becomes known. An external id makes it idempotent: registering again finds the first.</summary>
public sealed record RegisterCustomer(
    [property: Required] CustomerKind Kind,
    Profile? Profile = null,
    [property: StringLength(60)] string? Source = null,
    [property: MaxLength(20)] IReadOnlyList<ExternalId>? ExternalIds = null,
    [property: MaxLength(20)] IReadOnlyList<Contact>? Contacts = null,
    [property: MaxLength(20)] IReadOnlyList<Address>? Addresses = null,
    [property: MaxLength(50)] string[]? Tags = null,
    [property: MaxLength(50)] IReadOnlyList<RegisterCustomer.Consent>? Consents = null,
    DateTimeOffset? OccurredAt = null
)
{
    public sealed record Consent(
        [property: Required, StringLength(60)] string Purpose,
        [property: Required, StringLength(30)] string Channel,
        bool Granted,
        [property: Required, StringLength(30)] string NoticeVersion
    );

    /// <summary>The id that the first external id gives, or the one that was made for the request.</summary>
    public Guid IdOr(Guid made) => ExternalIds is [{ } first, ..] ? NameId.For("customer", first.System, first.Value) : made;

    public ICustomerEvent[] Decide(Customer customer, Guid id, DateTimeOffset now, TagOrigin origin = TagOrigin.Manual)
    {
        if (customer.Forgotten)
            customer.Known();
        if (customer.Exists)
            return [];
        var at = (OccurredAt ?? now).ToUniversalTime();
        if (at > now.AddMinutes(5))
            throw new RuleViolationException("in-the-future", "A customer cannot have become known in the future.", "occurredAt");
        var profile = Profile ?? new();
        if (Tags?.FirstOrDefault(t => t is null || t.Trim().Length is 0 or > 60) is not null)
            throw new RuleViolationException("invalid-tag", "A tag has 1 to 60 characters.", "tags");
        var details = profile.Details(Kind, Contacts, Addresses, now);
        return
        [
            new CustomerRegistered(Kind, Source, ExternalIds ?? [], Personal.Of(id, details), at),
            .. details.Demographics == new Demographics()
                ? Array.Empty<ICustomerEvent>()
                : [new DemographicsNoted(Kind, Personal.Of(id, details.Demographics), at)],
            .. NoteBirthday.Decide(customer, id, profile, at),
            .. (Tags ?? []).Select(t => t.Trim()).Distinct().Select(t => new CustomerTagged(t, origin, at)),
            .. (Consents ?? []).Where(c => c.Granted).Select(c => new ConsentGiven(c.Purpose, c.Channel, c.NoticeVersion, at)),
        ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "",
                "Register a customer",
                "customers.write",
                async (RegisterCustomer command, Request request, EventStore store) =>
                {
                    var id = command.IdOr(request.NewId);
                    request.Creates(id, $"/api/customers/{id}");
                    return request.Done(
                        await Directory.Unique(() => store.Write(request, Customer.Of(id), c => command.Decide(c, id, request.Now)))
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses(
                "in-the-future",
                "invalid-tag",
                "enterprise-only",
                "unknown-role",
                "birth-date-in-future",
                "invalid-contact",
                "customer-forgotten"
            )
            .Duplicates("duplicate-identity");
}
