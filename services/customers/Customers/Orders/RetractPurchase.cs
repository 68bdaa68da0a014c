using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Orders;

/// <summary>
/// Takes back what an import told of an order: the purchase with all its returns, or some of the returns. In that case the purchase and its
/// other returns are told again under the next id, since each return was decided on those before it.
/// </summary>
/// <param name="Told">The id of the purchase that was told.</param>
/// <param name="Purchase">The purchase itself is taken back.</param>
/// <param name="Returns">The returns that are taken back.</param>
public sealed record RetractPurchase(Guid Told, bool Purchase, IReadOnlySet<Guid> Returns)
{
    /// <param name="next">The order's next stream, <see cref="Order.After"/>.</param>
    /// <exception cref="RetractedException">The purchase was retracted before; the next stream is to be asked.</exception>
    public void Decide(Loaded<Order, IOrderEvent> there, Loaded<Order, IOrderEvent> next, Guid id, DateTimeOffset now)
    {
        var order = there.State.Current(id);
        if (order.Purchase is not { } made || !Concerns(order, made, id))
            return;
        there.Append(
            new PurchaseRetracted(
                PurchaseId: id,
                CustomerId: made.CustomerId,
                Channel: made.Channel,
                Currency: made.Currency,
                Net: made.Net,
                Returned: order.Returned,
                BaseCurrency: made.BaseCurrency,
                BaseNet: made.BaseNet - order.Returns.Values.Sum(r => r.BaseNet),
                PurchasedAt: made.OccurredAt,
                OccurredAt: now
            )
        );
        if (Purchase)
            return;
        next.Append(made with { Before = [.. made.Before ?? [], id] });
        var after = Order.After(id);
        foreach (var r in order.Returns.Values.Where(r => !Returns.Contains(r.ReturnId)).OrderBy(r => r.OccurredAt).ThenBy(r => r.ReturnId))
            next.Append(ReturnGoods.Fact(next.State, after, ReturnGoods.Again(after, r.ReturnId), r.Net, r.Channel, r.OccurredAt, r.Lines));
    }

    // An order that somebody else has told since under the same number is another purchase.
    bool Concerns(Order order, PurchaseMade made, Guid id) =>
        (id == Told || made.Before?.Contains(Told) == true) && (Purchase || order.Returns.Keys.Any(Returns.Contains));
}
