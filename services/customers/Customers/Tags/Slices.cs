namespace CrmPlatform.Customers.Tags;

/// <summary>What is in this folder: the dictionary of tags. Who has which tag is in Profiles.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Tag, ITagEvent>("tag");
        room.Inline<TagDictionary>();
        room.Services.AddSingleton<KnownTags>();

        DefineTag.Map(room);
        ReviseTag.Map(room);
        JoinTags.Map(room);
        RetireTag.Map(room);
        GetTags.Map(room);
    }
}
