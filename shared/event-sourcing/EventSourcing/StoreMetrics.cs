using System.Diagnostics.Metrics;

namespace CrmPlatform.EventSourcing;

static class StoreMetrics
{
    static readonly Meter meter = new("Crm.EventSourcing");
    static readonly System.Collections.Concurrent.ConcurrentDictionary<string, FollowerStatus> followers = [];

    public static readonly Histogram<double> AppendDuration = meter.CreateHistogram<double>(
        "crm.store.append.duration",
        "s",
        "Round trip and commit of an append"
    );
    public static readonly Counter<long> Appended = meter.CreateCounter<long>("crm.store.events", "{event}", "Events appended");
    public static readonly Counter<long> Retries = meter.CreateCounter<long>("crm.store.retries", "{retry}", "Retries after a conflict");

    static StoreMetrics()
    {
        meter.CreateObservableGauge(
            "crm.follower.lag",
            () => Measure(f => f.LagEvents),
            "{event}",
            "Events that a follower has not processed yet"
        );
        meter.CreateObservableGauge(
            "crm.follower.stuck",
            () => Measure(f => f.StuckAt is null ? 0L : 1L),
            "{follower}",
            "1 while a follower cannot process an event"
        );
    }

    public static void Report(FollowerStatus status) => followers[status.Name] = status;

    static IEnumerable<Measurement<long>> Measure(Func<FollowerStatus, long> value) =>
        followers.Values.Select(f => new Measurement<long>(value(f), new KeyValuePair<string, object?>("follower", f.Name)));
}
