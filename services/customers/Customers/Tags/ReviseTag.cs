namespace CrmPlatform.Customers.Tags;

/// <summary>The whole definition as it is from now on. Who has the tag keeps it, and until when they have it.</summary>
/// <param name="Code">The tag, as it was defined or first given.</param>
/// <param name="Definition">What it is called, and what holds for whom it is given from now on; what is left out is removed.</param>
public sealed record ReviseTag([property: Required, KeyText(60)] string Code, [property: Required] TagDefinition Definition)
{
    public ITagEvent[] Decide(Tag tag, DateTimeOffset now)
    {
        var definition = Definition.Checked();
        return tag.Known("code").Definition.Says(definition) ? [] : [new TagRevised(definition, now)];
    }

    // The code stands in the body: it may hold any character, and a path cannot.
    public static void Map(CrmService room) =>
        room.MapPut(
                "tags",
                "Rename a tag, or change what holds for whom it is given",
                "customers.tags.manage",
                async (ReviseTag command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Tag.Of(Keys.Normal(command.Code)), tag => command.Decide(tag, request.Now)))
            )
            .Refuses("tag-unknown", "invalid-name");
}
