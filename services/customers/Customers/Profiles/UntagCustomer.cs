using System.ComponentModel;
using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// A person takes a tag away, whoever gave it and whoever of the customer's group has it, and rules do not put it back; a rule, an import
/// or an inference takes away only what it said itself, of the customer that it names.
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
                    KnownGroups groups,
                    KnownTags tags
                ) =>
                {
                    var (who, code) = (From(origin), await tags.CodeOf(tag, request.Cancelled));
                    return await GroupChangedException.Again(async () =>
                    {
                        IReadOnlyList<Guid> members = who == TagOrigin.Manual ? await groups.MembersOf(id, request.Cancelled) : [id];
                        return request.Done(await store.Write(request, Take(id, members, code, tag, who, request.Now)));
                    });
                }
            )
            .Refuses("customer-unknown", "customer-forgotten");

    static Write Take(Guid id, IReadOnlyList<Guid> members, string code, string spelled, TagOrigin origin, DateTimeOffset now) =>
        Write.To(
            Customer.Of(id),
            Tag.Of(code),
            [.. members.Where(m => m != id).Select(Customer.Of)],
            (named, tag, others) =>
            {
                var held = named.State.Known().Tags;
                if (origin == TagOrigin.Manual && !named.State.GroupOf(id).Members.ToHashSet().SetEquals(members))
                    throw new GroupChangedException();
                var word = new TagWord(code, tag.State);
                var having = others.Where(o => TagRules.There(o.State.Tags, word, spelled, origin, now).Count > 0).ToList();
                if (having.Count == 0 || TagRules.There(held, word, spelled, origin, now).Count > 0)
                    named.Append(TagRules.Take(held, word, spelled, origin, now));
                foreach (var other in having)
                    other.Append(TagRules.Take(other.State.Tags, word, spelled, origin, now));
            }
        );

    static TagOrigin From(string? origin) =>
        origin is null ? TagOrigin.Manual
        : Enum.TryParse<TagOrigin>(origin, ignoreCase: true, out var from) && Enum.IsDefined(from) ? from
        : throw new BadRequestException("origin", "manual, import, rule or inferred");
}
