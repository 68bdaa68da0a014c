using System.Diagnostics.Metrics;

namespace CrmPlatform.Loyalty.Care;

/// <summary>Counts what became of occasions, after it is committed. It tells no customer.</summary>
public sealed class CareMetrics : ISubscription
{
    static readonly Meter meter = new("Crm.Loyalty");
    static readonly Counter<long> decided = meter.CreateCounter<long>(
        "crm.care.decided",
        "{occasion}",
        "Occasions that were decided, by outcome"
    );
    static readonly Histogram<double> delay = meter.CreateHistogram<double>(
        "crm.care.delay",
        "s",
        "From the instant when a greeting was due to its record"
    );

    public string Name => "care-metrics";
    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(CareCameDue), typeof(CareSuppressed), typeof(CarePassedOver) };

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        foreach (
            var outcome in page.CountBy(e =>
                e.Data switch
                {
                    CareSuppressed s => s.Reason,
                    CarePassedOver p => p.Reason,
                    _ => "due",
                }
            )
        )
            decided.Add(outcome.Key, outcome.Value);
        foreach (var e in page)
            if (e.Data is CareCameDue { Personal.Value: { } of })
                delay.Record((e.RecordedAt - of.DueAt).TotalSeconds);
        return Task.CompletedTask;
    }
}
