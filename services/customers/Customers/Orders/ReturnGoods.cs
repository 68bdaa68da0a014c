namespace CrmPlatform.Customers.Orders;

/// <summary>Goods of a purchase come back, wholly or in part, on any channel. The return number makes it idempotent.</summary>
public sealed record ReturnGoods(
    [property: Required, StringLength(80, MinimumLength = 1)] string ReturnNumber,
    [property: Required, StringLength(30, MinimumLength = 1)] string Channel,
    DateTimeOffset OccurredAt,
    [property: Range(typeof(decimal), "0", "1000000000")] decimal? Net = null
)
{
    public Guid ReturnId(Guid purchaseId) => NameId.For("return", purchaseId.ToString(), ReturnNumber);

    public IOrderEvent[] Decide(Order order, Guid purchaseId, DateTimeOffset now)
    {
        var purchase = order.Purchase ?? throw new NotFoundException("purchase", purchaseId);
        if (order.Returns.Contains(ReturnId(purchaseId)))
            return [];
        var left = purchase.Net - order.Returned;
        var net = Net ?? left;
        if (order.Returns.Count > 0 && left == 0)
            throw new RuleViolationException("wholly-returned", "Nothing of this purchase is left to return.", "net");
        if (net > left)
            throw new RuleViolationException(
                "return-exceeds-purchase",
                $"Only {left} {purchase.Currency} of this purchase are left to return.",
                "net"
            );
        if (OccurredAt < purchase.OccurredAt)
            throw new RuleViolationException("return-before-purchase", "Goods come back after they were bought.", "occurredAt");
        if (OccurredAt > now.AddMinutes(5))
            throw new RuleViolationException("in-the-future", "A return cannot be made in the future.", "occurredAt");
        var baseNet = Base(order.Returned + net) - Base(order.Returned);
        return
        [
            new GoodsReturned(
                ReturnId: ReturnId(purchaseId),
                CustomerId: purchase.CustomerId,
                PurchaseId: purchaseId,
                Channel: Channel,
                Currency: purchase.Currency,
                Net: net,
                BaseCurrency: purchase.BaseCurrency,
                BaseNet: baseNet,
                Wholly: net == left,
                PurchasedAt: purchase.OccurredAt,
                OccurredAt: OccurredAt.ToUniversalTime()
            ),
        ];

        decimal Base(decimal amount) => Math.Round(amount * purchase.Rate, 2, MidpointRounding.ToEven);
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "purchases/{id:guid}/returns",
                "Return goods of a purchase",
                "customers.purchases.write",
                async (Guid id, ReturnGoods command, Request request, EventStore store) =>
                {
                    request.Creates(command.ReturnId(id), $"/api/customers/purchases/{id}");
                    return request.Done(await store.Write(request, Order.Of(id), o => command.Decide(o, id, request.Now)));
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("wholly-returned", "return-exceeds-purchase", "return-before-purchase", "in-the-future");
}
