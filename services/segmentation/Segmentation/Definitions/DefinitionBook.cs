namespace CrmPlatform.Segmentation.Definitions;

public interface IDefinitionEvent;

public sealed record RunDefinitionPublished(RunDefinition Definition, DateTimeOffset OccurredAt) : IDefinitionEvent;

/// <summary>What has been published under a code.</summary>
/// <param name="Latest">Null: nothing.</param>
public sealed record DefinitionBook(RunDefinition? Latest) : IAggregate<DefinitionBook, IDefinitionEvent>
{
    public static DefinitionBook Initial { get; } = new((RunDefinition?)null);

    public static Stream<DefinitionBook, IDefinitionEvent> Of(string code) => new(NameId.For("run-definition", code));

    public DefinitionBook Evolve(IDefinitionEvent @event) => @event is RunDefinitionPublished e ? new(e.Definition) : this;
}
