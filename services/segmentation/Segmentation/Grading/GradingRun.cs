namespace CrmPlatform.Segmentation.Grading;

public interface IGradingRunEvent;

/// <param name="Scheme">In the version that it was computed with.</param>
/// <param name="Customers">N: customers with a net order by the end of the day.</param>
/// <param name="Scales">One for each indicator: with the numbers of a customer they give the score again.</param>
/// <param name="ScoringRun">The scoring run whose cut-off values gave the scores among the numbers; null where there were none.</param>
/// <param name="Through">The last event of the log that was counted.</param>
/// <param name="Publishes">False for a report: a run that looks back changes nobody's grade.</param>
public sealed record CustomersGraded(
    GradeScheme Scheme,
    DateOnly AsOf,
    int Customers,
    IReadOnlyList<IndicatorScale> Scales,
    Guid? ScoringRun,
    long Purchases,
    long Returns,
    long Through,
    bool Publishes,
    DateTimeOffset OccurredAt
) : IGradingRunEvent;

/// <summary>Every customer whose grade changed has been told.</summary>
public sealed record GradesPublished(int CustomersChanged, DateTimeOffset OccurredAt) : IGradingRunEvent;

/// <summary>One grading of all customers as of a day.</summary>
public sealed record GradingRun(bool Graded, bool Published) : IAggregate<GradingRun, IGradingRunEvent>
{
    public static GradingRun Initial { get; } = new(Graded: false, Published: false);

    public static Stream<GradingRun, IGradingRunEvent> Of(Guid id) => new(id);

    public GradingRun Evolve(IGradingRunEvent @event) =>
        @event switch
        {
            CustomersGraded => this with { Graded = true },
            GradesPublished => this with { Published = true },
            _ => this,
        };
}
