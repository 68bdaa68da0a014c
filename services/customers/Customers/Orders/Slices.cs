namespace CrmPlatform.Customers.Orders;

/// <summary>What is in this folder: purchases, what came back of them, and their totals.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Order, IOrderEvent>("order");
        room.Async<Summary>();

        RecordPurchase.Map(room);
        ReturnGoods.Map(room);
        GetPurchase.Map(room);
        Summary.Map(room);
    }
}
