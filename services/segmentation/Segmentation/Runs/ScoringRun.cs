using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

public interface IRunEvent;

/// <param name="View"><c>decision</c>: only what had happened by the as-of day. <c>corrected</c>: its purchases with all returns known
/// today.</param>
/// <param name="Through">The last event of the log that was counted: with the cut-off values it reproduces every score.</param>
/// <param name="MeasuredBy">The definition of a report; null for the built-in one.</param>
/// <param name="Publishes">False for a report: a run that looks back changes nobody's scores.</param>
public sealed record CustomersScored(
    DateOnly AsOf,
    string View,
    string Definition,
    RfmScale Rfm,
    AbcScale Abc,
    IReadOnlyDictionary<string, int> Segments,
    IReadOnlyDictionary<string, int> ChineseTypes,
    IReadOnlyDictionary<string, int> Grades,
    long Purchases,
    long Returns,
    long Through,
    bool Publishes,
    DateTimeOffset OccurredAt,
    RunDefinition? MeasuredBy = null
) : IRunEvent;

/// <summary>Every customer has been told.</summary>
/// <param name="Standing">How many customers of the run have which grade now; null where a later run told them.</param>
public sealed record RunPublished(int CustomersChanged, DateTimeOffset OccurredAt, IReadOnlyDictionary<string, int>? Standing = null)
    : IRunEvent;

/// <summary>One scoring of all customers as of a day.</summary>
public sealed record ScoringRun(bool Scored, bool Published) : IAggregate<ScoringRun, IRunEvent>
{
    public static ScoringRun Initial { get; } = new(Scored: false, Published: false);

    public static Stream<ScoringRun, IRunEvent> Of(Guid id) => new(id);

    public ScoringRun Evolve(IRunEvent @event) =>
        @event switch
        {
            CustomersScored => this with { Scored = true },
            RunPublished => this with { Published = true },
            _ => this,
        };

    public static IRunEvent[] Record(ScoringRun run, CustomersScored scored) => run.Scored ? [] : [scored];

    public static IRunEvent[] Finish(ScoringRun run, RunPublished published) => run.Published ? [] : [published];
}
