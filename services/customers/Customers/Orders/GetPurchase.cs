namespace CrmPlatform.Customers.Orders;

/// <summary>One purchase with its lines and what came back.</summary>
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
                async (Guid id, EventStore store, CancellationToken ct) =>
                    await store.Read(Order.Of(id), ct) is ({ Purchase: { } p } order, var version)
                        ? Results.Ok(
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
                        )
                        : Answer.NotFound("purchase", id)
            )
            .Produces<GetPurchase>();
}
