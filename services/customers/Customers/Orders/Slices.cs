namespace CrmPlatform.Customers.Orders;

/// <summary>What is in this folder: purchases, what came back of them, and their totals.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Order, IOrderEvent>("order");
        service.Async<Summary>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        RecordPurchase.Map(app);
        ReturnGoods.Map(app);
        GetPurchase.Map(app);
        Summary.Map(app);
    }
}
