namespace CrmPlatform.Customers.Profiles;

/// <summary>Tags have an origin; a rule may not remove what a person put there.</summary>
public sealed record TagCustomer([property: Required, StringLength(60, MinimumLength = 1)] string Tag, TagOrigin Origin = TagOrigin.Manual)
{
    public ICustomerEvent[] Add(Customer customer, DateTimeOffset now) =>
        customer.Known().Tags.TryGetValue(Tag, out var origin) && (origin == Origin || origin == TagOrigin.Manual)
            ? []
            : [new CustomerTagged(Tag, Origin, now)];

    public ICustomerEvent[] Remove(Customer customer, DateTimeOffset now) =>
        !customer.Known().Tags.TryGetValue(Tag, out var origin) ? []
        : origin == TagOrigin.Manual && Origin != TagOrigin.Manual
            ? throw new RuleViolationException("manual-tag", "A tag that a person gave is removed by a person only.", "tag")
        : [new CustomerUntagged(Tag, now)];

    public static void Map(CrmService room)
    {
        room.MapPost(
                "{id:guid}/tags",
                "Tag a customer",
                "customers.write",
                async (Guid id, TagCustomer command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Customer.Of(id), c => command.Add(c, request.Now)))
            )
            .Refuses("customer-unknown", "customer-forgotten");
        room.MapDelete(
                "{id:guid}/tags/{tag}",
                "Remove a tag",
                "customers.write",
                async (Guid id, string tag, string? origin, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(request, Customer.Of(id), c => new TagCustomer(tag, From(origin)).Remove(c, request.Now))
                    )
            )
            .WithName("UntagCustomer")
            .Refuses("customer-unknown", "customer-forgotten", "manual-tag");
    }

    static TagOrigin From(string? origin) =>
        origin is null ? TagOrigin.Manual
        : Enum.TryParse<TagOrigin>(origin, ignoreCase: true, out var from) && Enum.IsDefined(from) ? from
        : throw new BadRequestException("origin", "manual, rule or import");
}
