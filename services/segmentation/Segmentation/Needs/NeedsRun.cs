namespace CrmPlatform.Segmentation.Needs;

public interface INeedsRunEvent;

/// <param name="AsOf">The business day at whose end the window of 365 days ends.</param>
/// <param name="Scales">One for each need that is inferred: with the count of a customer they give strength and band.</param>
/// <param name="Customers">Customers with an order in the window whose lines are known.</param>
/// <param name="Fingerprint">Of who has which count.</param>
/// <param name="Through">The last event of the log that was counted.</param>
/// <param name="Publishes">False for a report: a run that looks back changes nobody's needs.</param>
public sealed record NeedsMeasured(
    DateOnly AsOf,
    IReadOnlyList<NeedScale> Scales,
    int Customers,
    string Fingerprint,
    long Through,
    bool Publishes,
    DateTimeOffset OccurredAt
) : INeedsRunEvent;

/// <summary>Every customer of whom the run says something else has been told.</summary>
public sealed record NeedsPublished(int CustomersChanged, DateTimeOffset OccurredAt) : INeedsRunEvent;

/// <summary>One measuring of all customers' needs as of a day.</summary>
public sealed record NeedsRun(bool Measured, bool Published) : IAggregate<NeedsRun, INeedsRunEvent>
{
    public static NeedsRun Initial { get; } = new(Measured: false, Published: false);

    public static Stream<NeedsRun, INeedsRunEvent> Of(Guid id) => new(id);

    public NeedsRun Evolve(INeedsRunEvent @event) =>
        @event switch
        {
            NeedsMeasured => this with { Measured = true },
            NeedsPublished => this with { Published = true },
            _ => this,
        };
}
