namespace CrmPlatform.Customers.Orders;

/// <summary>A return, where the shop knows the purchase by its own number for it.</summary>
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
                    var id = await Order.IdOf(command.Source, command.OrderNumber, store, ct);
                    request.Creates(ReturnGoods.IdOf(id, command.ReturnNumber), $"/api/customers/purchases/{id}");
                    return request.Done(
                        await store.Write(
                            request,
                            Write
                                .To(Order.Of(id), o => command.Decide(o, id, request.Now))
                                .From(request.Metadata with { Source = command.Source })
                        )
                    );
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
