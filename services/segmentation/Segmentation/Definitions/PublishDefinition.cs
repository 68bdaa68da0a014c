using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Definitions;

/// <summary>
/// Publishes how reports measure: runs that name it use it from now on, each keeps the version that it was computed with. The same again
/// changes nothing.
/// </summary>
/// <param name="Name">What people call it.</param>
/// <param name="WindowDays">Only orders of the last so many business days count, the as-of day included; all if left out.</param>
/// <param name="Frequency">What F counts: <c>orders</c> (default) or <c>days</c>, business days with an order.</param>
/// <param name="Edges">Fixed edges of the scores; fifths of the population if left out.</param>
/// <param name="Weights">Of the three scores in the index; .5, .3 and .2 if left out.</param>
/// <param name="Segments">A table of one's own: the first segment that holds counts, and where none does, <c>Others</c>. The 5×5 grid if
/// left out.</param>
/// <param name="AbcMeasure">What A, B and C share out: <c>revenue</c> (default) or <c>orders</c>.</param>
/// <param name="ShareOfA">A customer is A while the share before them is below this; .8 if left out.</param>
/// <param name="ShareOfB">The same of B; .95 if left out.</param>
public sealed record PublishDefinition(
    [property: Required, Label(80)] string Name,
    [property: Range(1, 3650)] int? WindowDays = null,
    FrequencyMeasure Frequency = FrequencyMeasure.Orders,
    RfmEdges? Edges = null,
    RfmWeights? Weights = null,
    [property: Length(1, 125)] IReadOnlyList<ScoreSegment>? Segments = null,
    AbcMeasure AbcMeasure = AbcMeasure.Revenue,
    [property: Range(0, 1)] decimal ShareOfA = AbcScale.ShareOfA,
    [property: Range(0, 1)] decimal ShareOfB = AbcScale.ShareOfB
)
{
    /// <exception cref="RuleViolationException">
    /// <c>definition-built-in</c>, <c>edges-not-ascending</c>, <c>weights</c>, <c>thresholds</c> or <c>segment-twice</c>.
    /// </exception>
    public IDefinitionEvent[] Decide(DefinitionBook book, string code, DateTimeOffset now)
    {
        if (code == RunDefinition.DefaultCode)
            throw new RuleViolationException("definition-built-in", "Customers are scored by 'default'; it is built in.", "code");
        Edges?.Check();
        Weights?.Check();
        if (ShareOfA <= 0 || ShareOfA >= ShareOfB || ShareOfB >= 1)
            throw new RuleViolationException(
                "thresholds",
                "The shares of A and B are between 0 and 1, that of A below that of B.",
                "shareOfA"
            );
        CheckSegments();
        var given = new RunDefinition
        {
            Code = code,
            Version = book.Latest?.Version ?? 1,
            Name = Name,
            WindowDays = WindowDays,
            Frequency = Frequency,
            Edges = Edges,
            Weights = Weights ?? new(),
            Segments = Segments,
            AbcMeasure = AbcMeasure,
            ShareOfA = ShareOfA,
            ShareOfB = ShareOfB,
        };
        return given == book.Latest ? [] : [new RunDefinitionPublished(given with { Version = (book.Latest?.Version ?? 0) + 1 }, now)];
    }

    void CheckSegments()
    {
        for (var i = 0; i < Segments?.Count; i++)
        {
            var segment = Segments[i];
            if (segment.Name == ScoreSegment.Others || Segments.Take(i).Any(s => s.Name == segment.Name))
                throw new RuleViolationException("segment-twice", $"There is another segment '{segment.Name}'.", $"segments[{i}].name");
            if (new[] { segment.Recency, segment.Frequency, segment.Monetary }.Any(r => r.From > r.To))
                throw new RuleViolationException(
                    "edges-not-ascending",
                    "A range of scores leads from the lower to the higher.",
                    $"segments[{i}]"
                );
        }
    }

    public static void Map(CrmService room) =>
        room.MapPut(
                "definitions/{code}",
                "Publish how reports measure",
                "segmentation.definitions.write",
                async ([Code] string code, PublishDefinition command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, DefinitionBook.Of(code), book => command.Decide(book, code, request.Now)))
            )
            .Refuses("definition-built-in", "edges-not-ascending", "weights", "thresholds", "segment-twice");
}
