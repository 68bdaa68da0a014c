using System.Diagnostics.Metrics;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Counts what became of messages, after it is committed. It tells no customer.</summary>
sealed class SendingMetrics : ISubscription
{
    static readonly Meter meter = new("Crm.Sending");
    static readonly Counter<long> outcomes = meter.CreateCounter<long>(
        "crm.sending.outcomes",
        "{message}",
        "What became of messages, with the reason"
    );

    public string Name => "sending-metrics";
    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(IMessageEvent) };

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        foreach (var (outcome, count) in page.CountBy(e => Outcome((IMessageEvent)e.Data)))
            outcomes.Add(count, new("state", outcome.State), new("reason", outcome.Reason));
        return Task.CompletedTask;
    }

    static (string State, string Reason) Outcome(IMessageEvent fact) =>
        fact switch
        {
            MessagePlanned => ("planned", ""),
            HandedOver => ("handed-over", ""),
            MessageAccepted => ("accepted", ""),
            MessageDeferred e => ("deferred", e.Why),
            MessageRefused e => ("refused", e.Why),
            MessageInDoubt => ("in-doubt", ""),
            MessageNotSent e => ("not-sent", e.Reason),
            MessageCancelled e => ("cancelled", e.Reason),
            _ => ("other", ""),
        };
}
