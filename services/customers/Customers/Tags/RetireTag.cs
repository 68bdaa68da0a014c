namespace CrmPlatform.Customers.Tags;

/// <summary>The tag is given to nobody any more; who has it keeps it.</summary>
/// <param name="Code">The tag.</param>
public sealed record RetireTag([property: Required, KeyText(60)] string Code)
{
    public static ITagEvent[] Decide(Tag tag, DateTimeOffset now) => tag.Known("code").Retired ? [] : [new TagRetired(now)];

    public static void Map(CrmService room) =>
        room.MapPost(
                "tags/retire",
                "Retire a tag: nobody is given it any more",
                "customers.tags.manage",
                async (RetireTag command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Tag.Of(Keys.Normal(command.Code)), tag => Decide(tag, request.Now)))
            )
            .Refuses("tag-unknown");
}
