using System.ComponentModel;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>A tag of a customer.</summary>
/// <param name="Tag">The word.</param>
/// <param name="Origin">Who says it, the strongest if several do: <c>manual</c> for a person, <c>import</c>, <c>rule</c> or
/// <c>inferred</c>.</param>
public sealed record CustomerTag(string Tag, TagOrigin Origin);

/// <summary>
/// Somebody says that a customer has a tag. Said before by the same origin, it changes nothing, also not until when it stays.
/// </summary>
/// <param name="Tag">The word, 1 to 60 characters; a word that nobody has defined becomes a tag of the dictionary.</param>
/// <param name="Origin">Who says it: <c>manual</c> for a person, <c>import</c>, <c>rule</c> or <c>inferred</c>.</param>
public sealed record TagCustomer([property: Required, KeyText(60)] string Tag, TagOrigin Origin = TagOrigin.Manual)
{
    public ICustomerEvent[] Decide(Customer customer, TagWord word, DateTimeOffset now) =>
        TagRules.Give(customer.Known().Tags, word, Origin, now, "tag");

    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/tags",
                "Tag a customer",
                "customers.write",
                async (Guid id, TagCustomer command, Request request, EventStore store, KnownTags tags) =>
                {
                    var code = await tags.CodeOf(command.Tag, request.Cancelled);
                    var write = TagWrites.To(id, [code], (customer, words) => command.Decide(customer, words[0], request.Now));
                    return request.Done(await TagDictionary.Within(() => store.Write(request, write)));
                }
            )
            .Refuses("customer-unknown", "customer-forgotten", "tag-retired", "tag-sensitive", "too-many-tags");
}

/// <summary>
/// A person takes a tag away, whoever gave it, and rules do not put it back; a rule, an import or an inference takes away only what it said
/// itself.
/// </summary>
public static class UntagCustomer
{
    public static void Map(CrmService room) =>
        room.MapDelete(
                "{id:guid}/tags",
                "Remove a tag",
                "customers.write",
                async (
                    Guid id,
                    [Required, KeyText(60), Description("The tag.")] string tag,
                    [Description("Who removes it: manual (default), import, rule or inferred.")] string? origin,
                    Request request,
                    EventStore store,
                    KnownTags tags
                ) =>
                {
                    var (who, code) = (From(origin), await tags.CodeOf(tag, request.Cancelled));
                    var write = TagWrites.To(
                        id,
                        [code],
                        (customer, words) => TagRules.Take(customer.Known().Tags, words[0], tag, who, request.Now)
                    );
                    return request.Done(await store.Write(request, write));
                }
            )
            .Refuses("customer-unknown", "customer-forgotten");

    static TagOrigin From(string? origin) =>
        origin is null ? TagOrigin.Manual
        : Enum.TryParse<TagOrigin>(origin, ignoreCase: true, out var from) && Enum.IsDefined(from) ? from
        : throw new BadRequestException("origin", "manual, import, rule or inferred");
}
