namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// What is in this folder: what each customer bought, what is said of them at present, and the clock that finds who has been quiet.
/// </summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CustomerValue, ICustomerEvent>("customer_value");
        room.Services.AddSingleton(s => new Yardsticks(
            s.GetRequiredService<Business>(),
            s.GetRequiredService<SegmentationOptions>().Lifecycle
        ));
        room.Async<CountedPurchases>();
        room.Async<CustomerScores>();
        room.Async<DueList>();
        room.Async<StageHistory>();
        room.Due<LifecycleClock>();

        room.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
        room.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
        room.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
        room.On<Contracts.PurchaseRetracted, OnPurchaseRetracted>();
        room.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

        GetCustomer.Map(room);
        GetPersonalData.Map(room);
    }
}
