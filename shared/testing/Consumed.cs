using System.Collections.Concurrent;
using CrmPlatform.ServiceDefaults;
using MassTransit;

namespace CrmPlatform.Testing;

/// <summary>Observes which packets of facts a service has processed.</summary>
sealed class Consumed : IConsumeObserver
{
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> waiting = [];

    public Task Next(Guid eventId) => waiting.GetOrAdd(eventId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class
    {
        if (context.Message is FactPacket packet && waiting.TryRemove(packet.Facts[^1].EventId, out var done))
            done.TrySetResult();
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
