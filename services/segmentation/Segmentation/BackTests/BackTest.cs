using CrmPlatform.Segmentation.Definitions;

namespace CrmPlatform.Segmentation.BackTests;

public interface IBackTestEvent;

/// <summary>What the classes of a day were worth has been measured.</summary>
/// <param name="Cut">The business day at whose end customers were graded, by what had been counted.</param>
/// <param name="Days">Business days after it in which they were watched.</param>
/// <param name="Definition">All that it was computed with, as a run names it.</param>
/// <param name="Purchases">Purchases that it counted.</param>
/// <param name="Through">The last event of the log that was counted.</param>
public sealed record BackTestComputed(
    DateOnly Cut,
    int Days,
    string Definition,
    RunDefinition MeasuredBy,
    Measured Measured,
    long Purchases,
    long Returns,
    long Through,
    DateTimeOffset OccurredAt
) : IBackTestEvent
{
    public Period PeriodIn(Business business) => new(MeasuredBy, Cut, Days, business);
}

/// <summary>One comparison of the classes of a day with what followed.</summary>
public sealed record BackTest(bool Computed) : IAggregate<BackTest, IBackTestEvent>
{
    public static BackTest Initial { get; } = new(Computed: false);

    public static Stream<BackTest, IBackTestEvent> Of(Guid id) => new(id);

    public BackTest Evolve(IBackTestEvent @event) => @event is BackTestComputed ? new(Computed: true) : this;

    public IBackTestEvent[] Record(BackTestComputed computed) => Computed ? [] : [computed];
}
