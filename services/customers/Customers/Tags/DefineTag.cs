namespace CrmPlatform.Customers.Tags;

/// <summary>A tag enters the dictionary before anybody has it. The same again changes nothing.</summary>
/// <param name="Code">The word, 1 to 60 characters; it names the tag for ever.</param>
/// <param name="Definition">What it is called, and what holds for whom it is given; left out for a plain word.</param>
public sealed record DefineTag([property: Required, KeyText(60)] string Code, TagDefinition? Definition = null)
{
    /// <exception cref="DuplicateException"><c>duplicate-tag</c>: it is defined in another way.</exception>
    public ITagEvent[] Decide(Tag tag, DateTimeOffset now)
    {
        var definition = (Definition ?? TagDefinition.Plain).Checked();
        return tag.Code is null ? [new TagDefined(Keys.Normal(Code), definition, now)]
            : tag.Definition.Says(definition) ? []
            : throw new DuplicateException("duplicate-tag", "This tag is defined in another way. To change it, PUT it.", "code");
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tags",
                "Define a tag",
                "customers.tags.manage",
                async (DefineTag command, Request request, EventStore store) =>
                {
                    var code = Keys.Normal(command.Code);
                    request.Creates(
                        Tag.IdOf(code),
                        done => done.Events.Count > 0 ? $"/api/customers/tags?code={Uri.EscapeDataString(code)}" : null
                    );
                    return request.Done(
                        await TagDictionary.Within(() => store.Write(request, Tag.Of(code), tag => command.Decide(tag, request.Now)))
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("invalid-name", "too-many-tags")
            .Duplicates("duplicate-tag");
}
