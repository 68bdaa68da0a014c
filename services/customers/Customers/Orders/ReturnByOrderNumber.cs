using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Orders;

/// <summary>A return, where the shop knows the purchase by its own number for it.</summary>
/// <param name="Source">The shop that numbers its orders: <c>web</c>.</param>
/// <param name="OrderNumber">The shop's number of the order that the goods are from.</param>
/// <param name="ReturnNumber">The shop's number of the return, unique within the purchase.</param>
/// <param name="Channel">Where the goods came back: <c>store</c>, <c>web</c>.</param>
/// <param name="OccurredAt">When they came back: not before the purchase, not in the future.</param>
/// <param name="Net">What is given back, in the purchase's currency; without it, what the lines add up to, or everything that is
/// left.</param>
/// <param name="Lines">What came back of each product, where it is known.</param>
public sealed record ReturnByOrderNumber(
    [property: Required, KeyText(60)] string Source,
    [property: Required, KeyText(80)] string OrderNumber,
    [property: Required, KeyText(80)] string ReturnNumber,
    [property: Required, Code(30)] string Channel,
    DateTimeOffset OccurredAt,
    [property: PositiveMoney] decimal? Net = null,
    [property: MinLength(1), MaxLength(RecordPurchase.MostLines)] IReadOnlyList<ReturnedLine>? Lines = null
)
{
    internal ReturnGoods Return => new(ReturnNumber, Channel, OccurredAt, Net, Lines);

    /// <exception cref="RuleViolationException"><c>purchase-unknown</c>.</exception>
    public IOrderEvent[] Decide(Order order, Guid purchaseId, DateTimeOffset now) =>
        order.Purchase is null
            ? throw new RuleViolationException("purchase-unknown", $"There is no purchase {OrderNumber} of {Source}.", "orderNumber")
            : Return.Decide(order, purchaseId, now);

    public static void Map(CrmService room) =>
        room.MapPost(
                "purchases/returns",
                "Return goods, by the order's number",
                "customers.purchases.write",
                async (ReturnByOrderNumber command, Request request, EventStore store, CancellationToken ct) =>
                {
                    return request.Done(await Retold.Write(await Order.IdOf(command.Source, command.OrderNumber, store, ct), Return));

                    Task<WriteResult> Return(Guid id)
                    {
                        request.Creates(ReturnGoods.IdOf(id, command.ReturnNumber), $"/api/customers/purchases/{id}");
                        return store.Write(
                            request,
                            Write
                                .To(Order.Of(id), o => command.Decide(o.Current(id), id, request.Now))
                                .From(request.Metadata with { Source = command.Source })
                        );
                    }
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses(
                "purchase-unknown",
                "wholly-returned",
                "return-exceeds-purchase",
                "return-before-purchase",
                "in-the-future",
                "product-not-purchased"
            )
            .Duplicates("duplicate-return");
}
