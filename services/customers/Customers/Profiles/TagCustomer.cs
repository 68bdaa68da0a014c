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
