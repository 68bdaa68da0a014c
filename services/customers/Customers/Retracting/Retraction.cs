using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Retracting;

/// <summary>What is taken back: everything that an import, or that a source, has told.</summary>
public enum Teller
{
    Import,
    Source,
}

/// <summary>
/// Takes back what an import or a source has told, up to a place in the log. It is ordered once and then done in the background; more that
/// is told later can be taken back again.
/// </summary>
public sealed record Retraction(RetractionOrdered? Ordered, RetractionFinished? Finished) : IAggregate<Retraction, IRetractionEvent>
{
    public static Retraction Initial { get; } = new(null, null);

    public static Stream<Retraction, IRetractionEvent> Of(Teller teller, string name) =>
        new(NameId.For("retraction", teller == Teller.Import ? "import" : "source", name));

    public bool IsUnderway => Ordered is not null && Finished is null;

    public Retraction Evolve(IRetractionEvent @event) =>
        @event switch
        {
            RetractionOrdered e => new(e, null),
            RetractionFinished e => this with { Finished = e },
            _ => this,
        };
}

public interface IRetractionEvent : ISourcesEvent;

/// <param name="Name">The import's id, or the source's code.</param>
/// <param name="From">The place in the log of the first fact that was told.</param>
/// <param name="Through">The place of the last one that is taken back.</param>
/// <param name="Forget">Customers of whom nothing else tells are forgotten.</param>
/// <param name="Kept">Customers who stay since other rooms have told of them.</param>
public sealed record RetractionOrdered(
    Teller Teller,
    string Name,
    string Reason,
    long From,
    long Through,
    bool Forget,
    IReadOnlyList<Guid> Kept,
    DateTimeOffset OccurredAt
) : IRetractionEvent;

/// <summary>How much was taken back.</summary>
/// <param name="Returns">Returns of purchases that stay.</param>
/// <param name="ExternalIds">Numbers that were linked to customers who were registered otherwise.</param>
/// <param name="Forgotten">Customers who were forgotten.</param>
/// <param name="Kept">Customers who were registered so and stay.</param>
public sealed record RetractionFinished(
    Teller Teller,
    string Name,
    long Purchases,
    long Returns,
    long ExternalIds,
    long Forgotten,
    long Kept,
    DateTimeOffset OccurredAt
) : IRetractionEvent;
