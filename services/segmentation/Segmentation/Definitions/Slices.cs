namespace CrmPlatform.Segmentation.Definitions;

/// <summary>What is in this folder: how a run measures and names its population.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<DefinitionBook, IDefinitionEvent>("run_definition");
        room.Inline<GetDefinitions>();

        PublishDefinition.Map(room);
        GetDefinitions.Map(room);
    }
}
