using CrmPlatform.Customers.Erasures;
using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Retracting;

/// <summary>
/// Takes back what an import or a source has told, in the background: first purchases and returns, then customers and numbers. What is
/// taken back already stays so, and each decision asks for it: interrupted at any moment, it is done again from the start.
/// </summary>
public sealed class CarryOutRetractions(IServiceProvider services, TimeProvider clock) : ISubscription
{
    const int AtOnce = 200;

    // The store is made with its subscriptions, so it cannot be asked for before them.
    EventStore store => services.GetRequiredService<EventStore>();
    ToldFacts facts => services.GetRequiredService<ToldFacts>();

    public string Name => "retractions";
    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(RetractionOrdered) };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        foreach (var e in page)
            if (
                e.Data is RetractionOrdered order
                && (await store.Read(Retraction.Of(order.Teller, order.Name), ct)).State is { IsUnderway: true } now
                && now.Ordered!.Through == order.Through
            )
                await CarryOut(order, e, ct);
    }

    async Task CarryOut(RetractionOrdered order, RecordedEvent about, CancellationToken ct)
    {
        var request = new Request(clock, ct)
        {
            Metadata = new(about.Metadata.Correlation, about.Id.ToString(), about.Metadata.Actor, about.Metadata.TraceParent),
        };
        var (purchases, returns, ids, forgotten, kept) = (0L, 0L, 0L, 0L, 0L);
        await foreach (var told in facts.Read(order.Teller, order.Name, order.From, order.Through, ct))
        foreach (var some in told.Where(t => t.Purchase || t.Returns is { Count: > 0 }).Chunk(AtOnce))
        {
            await Retold.Execute(store, request, [.. some.Select(t => (t.Stream, Orders(t, request)))]);
            purchases += some.Count(t => t.Purchase);
            returns += some.Sum(t => t.Returns?.Count ?? 0);
        }
        var stay = order.Kept.ToHashSet();
        await foreach (var told in facts.Read(order.Teller, order.Name, order.From, order.Through, ct))
        foreach (var some in told.Where(t => t.Customer || t.ExternalIds is { Count: > 0 }).Chunk(AtOnce))
        {
            var registered = some.Where(t => t.Customer).Select(t => t.Stream).ToArray();
            var alone = order.Forget ? await facts.Alone(order.Teller, order.Name, registered, ct) : new HashSet<Guid>();
            var go = registered.Where(id => alone.Contains(id) && !stay.Contains(id)).ToHashSet();
            await store.Execute(
                request,
                [.. some.Where(t => !t.Customer || go.Contains(t.Stream)).Select(t => t.Customer ? Forget(t, request) : Unlink(t, request))]
            );
            ids += some.Sum(t => t.ExternalIds?.Count ?? 0);
            forgotten += go.Count;
            kept += registered.Length - go.Count;
        }
        await store.Write(
            request,
            Retraction.Of(order.Teller, order.Name),
            r =>
                r.IsUnderway
                    ? [new RetractionFinished(order.Teller, order.Name, purchases, returns, ids, forgotten, kept, request.Now)]
                    : []
        );
    }

    /// <summary>
    /// An order may have been told again under other ids since, when another retraction took a return of it: its returns have other ids
    /// there.
    /// </summary>
    static Func<Guid, Write> Orders(ToldFacts.Told told, Request request)
    {
        IReadOnlySet<Guid> returns = (told.Returns ?? []).ToHashSet();
        return id =>
        {
            if (id != told.Stream)
                returns = returns.Select(r => ReturnGoods.Again(id, r)).ToHashSet();
            var back = new RetractPurchase(told.Stream, told.Purchase, returns);
            return Write.To(Order.Of(id), Order.Of(Order.After(id)), (there, next) => back.Decide(there, next, id, request.Now));
        };
    }

    static Write Unlink(ToldFacts.Told told, Request request) =>
        Write.To(
            Customer.Of(told.Stream),
            customer => [.. told.ExternalIds!.Where(customer.ExternalIds.Contains).Select(x => new ExternalIdUnlinked(x, request.Now))]
        );

    static Write Forget(ToldFacts.Told told, Request request) =>
        Write.To(
            Customer.Of(told.Stream),
            Erasure.Of(told.Stream),
            (customer, erasure) =>
            {
                if (customer.State.Forgotten || customer.State.Group is not null)
                    return;
                customer.Append(new RegistrationRetracted(request.Now), new CustomerForgotten(told.Stream, request.Now));
                erasure.Append(new ForgetCustomer(ErasureRequested.Retracted).Begin(erasure.State, told.Stream, request.Now));
            }
        );
}
