using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Rules and inferences may give a tag again that a person took away.</summary>
/// <param name="Tag">The word.</param>
public sealed record AllowTag([property: Required, KeyText(60)] string Tag)
{
    public static ICustomerEvent[] Decide(Customer customer, TagWord word, DateTimeOffset now) =>
        [.. word.Codes.Where(c => customer.Known().Tags.Of(c).Suppressed).Select(c => new TagAllowed(c, now))];

    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/tags/allow",
                "Let rules give a tag again that a person took away",
                "customers.write",
                async (Guid id, AllowTag command, Request request, EventStore store, KnownTags tags) =>
                {
                    var code = await tags.CodeOf(command.Tag, request.Cancelled);
                    var write = TagWrites.To(id, [code], (customer, words) => Decide(customer.Known(), words[0], request.Now));
                    return request.Done(await store.Write(request, write));
                }
            )
            .Refuses("customer-unknown", "customer-forgotten");
}
