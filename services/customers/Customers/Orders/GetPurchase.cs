namespace CrmPlatform.Customers.Orders;

/// <summary>One purchase with its lines and what came back.</summary>
/// <param name="Id">Id of the purchase.</param>
/// <param name="CustomerId">Id of the customer; null for a guest.</param>
/// <param name="Source">The shop that numbers its orders; with orderNumber it names the purchase.</param>
/// <param name="OrderNumber">The shop's number of the order.</param>
/// <param name="Channel">Where it was bought: <c>store</c>, <c>web</c>, <c>app</c>.</param>
/// <param name="Currency">Currency of the amounts, ISO 4217.</param>
/// <param name="Net">What was paid, after discounts: the sum of the lines.</param>
/// <param name="Returned">What was given back so far, in the purchase's currency.</param>
/// <param name="BaseNet">Net in the base currency.</param>
/// <param name="Rate">Units of the base currency for one unit of the purchase's currency; 1 where they are the same.</param>
/// <param name="Lines">What was bought.</param>
/// <param name="Returns">What came back, in the order in which it did.</param>
/// <param name="OccurredAt">When it was bought.</param>
public sealed record GetPurchase(
    Guid Id,
    Guid? CustomerId,
    string Source,
    string OrderNumber,
    string Channel,
    string Currency,
    decimal Net,
    decimal Returned,
    string BaseCurrency,
    decimal BaseNet,
    decimal Rate,
    IReadOnlyList<OrderLine> Lines,
    IReadOnlyList<GetPurchase.Return> Returns,
    DateTimeOffset OccurredAt,
    long Version
)
{
    /// <summary>Goods of the purchase that came back.</summary>
    /// <param name="Id">Id of the return.</param>
    /// <param name="Channel">Where the goods came back: <c>store</c>, <c>web</c>.</param>
    /// <param name="Net">What was given back, in the purchase's currency.</param>
    /// <param name="BaseNet">The same in the base currency, at the rate of the purchase.</param>
    /// <param name="Lines">What came back of each product; null where the shop did not say.</param>
    /// <param name="OccurredAt">When the goods came back.</param>
    public sealed record Return(
        Guid Id,
        string Channel,
        decimal Net,
        decimal BaseNet,
        IReadOnlyList<ReturnedLine>? Lines,
        DateTimeOffset OccurredAt
    )
    {
        internal static Return Of(GoodsReturned r) => new(r.ReturnId, r.Channel, r.Net, r.BaseNet, r.Lines, r.OccurredAt);
    }

    public static void Map(CrmService room) =>
        room.MapGet(
                "purchases/{id:guid}",
                "One purchase",
                "customers.read",
                async (Guid id, EventStore store, HttpResponse response, CancellationToken ct) =>
                {
                    if (await store.Read(Order.Of(id), ct) is not ({ Purchase: { } p } order, var version))
                        return Answer.NotFound("purchase", id);
                    response.Headers.ETag = $"\"{version}\"";
                    return Results.Ok(
                        new GetPurchase(
                            Id: id,
                            CustomerId: p.CustomerId,
                            Source: p.Source,
                            OrderNumber: p.OrderNumber,
                            Channel: p.Channel,
                            Currency: p.Currency,
                            Net: p.Net,
                            Returned: order.Returned,
                            BaseCurrency: p.BaseCurrency,
                            BaseNet: p.BaseNet,
                            Rate: p.Rate,
                            Lines: p.Lines,
                            Returns: [.. order.Returns.Values.OrderBy(r => r.OccurredAt).Select(Return.Of)],
                            OccurredAt: p.OccurredAt,
                            Version: version
                        )
                    );
                }
            )
            .Produces<GetPurchase>();
}
