using System.ComponentModel;

namespace CrmPlatform.Customers.Profiles;

/// <summary>A tag of a customer.</summary>
/// <param name="Tag">The word.</param>
/// <param name="Origin">Who says it: <c>manual</c> for a person, <c>rule</c>, or <c>import</c>.</param>
public sealed record CustomerTag(string Tag, TagOrigin Origin);

/// <summary>Tags have an origin; a rule may not remove what a person put there.</summary>
/// <param name="Tag">The word, 1 to 60 characters.</param>
/// <param name="Origin">Who says it: <c>manual</c> for a person, <c>rule</c>, or <c>import</c>.</param>
public sealed record TagCustomer([property: Required, KeyText(60)] string Tag, TagOrigin Origin = TagOrigin.Manual)
{
    public ICustomerEvent[] Add(Customer customer, DateTimeOffset now)
    {
        var tag = Keys.Normal(Tag);
        return customer.Known().Tags.TryGetValue(tag, out var origin) && (origin == Origin || origin == TagOrigin.Manual)
            ? []
            : [new CustomerTagged(tag, Origin, now)];
    }

    /// <exception cref="NotFoundException">The customer has no such tag.</exception>
    public ICustomerEvent[] Remove(Customer customer, DateTimeOffset now)
    {
        var tags = customer.Known().Tags;
        // Before keys were compared, a tag was stored as it was spelled.
        var tag = tags.ContainsKey(Tag) ? Tag : Keys.Normal(Tag);
        return !tags.TryGetValue(tag, out var origin) ? throw new NotFoundException("tag", tag)
            : origin == TagOrigin.Manual && Origin != TagOrigin.Manual
                ? throw new RuleViolationException("manual-tag", "A tag that a person gave is removed by a person only.", "tag")
            : [new CustomerUntagged(tag, now)];
    }

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
                "{id:guid}/tags",
                "Remove a tag",
                "customers.write",
                async (
                    Guid id,
                    [Required, KeyText(60), Description("The tag.")] string tag,
                    [Description("Who removes it: manual (default), rule or import.")] string? origin,
                    Request request,
                    EventStore store
                ) =>
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
