namespace CrmPlatform.Customers.Orders;

/// <summary>What is in this folder: purchases, what came back of them, and their totals.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Order, IOrderEvent>("order");
        room.Async<Summary>();
        room.Async<GetPurchases>();

        RecordPurchase.Map(room);
        ReturnGoods.Map(room);
        ReturnByOrderNumber.Map(room);
        GetPurchases.Map(room);
        GetPurchase.Map(room);
        Summary.Map(room);
    }
}
