using Dapper;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Weasel.Core;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// An application that uses Marten without this library, on one of our databases. It is configured as the README says.
/// </summary>
static class ForeignMarten
{
    public static DocumentStore Open(
        string connectionString,
        EventAppendMode mode = EventAppendMode.QuickWithServerTimestamps,
        Action<StoreOptions>? more = null
    ) =>
        DocumentStore.For(options =>
        {
            options.Connection(connectionString);
            options.AutoCreateSchemaObjects = AutoCreate.None;
            options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase);
            options.Events.AppendMode = mode;
            options.Events.MetadataConfig.CorrelationIdEnabled =
                options.Events.MetadataConfig.CausationIdEnabled =
                options.Events.MetadataConfig.HeadersEnabled =
                    true;
            options.Events.AddEventType<ItemAdded>();
            options.Events.AddEventType<Noted>();
            options.Events.MapEventType<PaymentTaken>("basket_paid");
            more?.Invoke(options);
        });

    /// <summary>
    /// The two lines that such a session runs before it appends. Marten may draw sequence numbers before it inserts the events, and
    /// followers wait only for transactions that hold this lock.
    /// </summary>
    public static async Task<IDocumentSession> Appending(this IDocumentStore marten)
    {
        var session = marten.LightweightSession();
        await session.BeginTransactionAsync(CancellationToken.None);
        await session.Connection!.ExecuteAsync("lock table mt_events in row exclusive mode");
        return session;
    }
}

/// <summary>Suspends a session of Marten after it has drawn its sequence numbers and before it inserts.</summary>
sealed class Pause : DocumentSessionListenerBase
{
    readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously),
        goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => reached.Task;

    public void GoOn() => goOn.TrySetResult();

    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        reached.TrySetResult();
        return goOn.Task;
    }
}
