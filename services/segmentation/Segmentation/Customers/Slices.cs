namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// What is in this folder: what each customer bought, what is said of them at present, and the clock that finds who has been quiet.
/// </summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<CustomerValue, ICustomerEvent>("customer_value");
        service.Services.AddSingleton(s => new Yardsticks(
            s.GetRequiredService<Business>(),
            s.GetRequiredService<SegmentationOptions>().Lifecycle
        ));
        service.Async<CountedPurchases>();
        service.Async<CustomerScores>();
        service.Async<DueList>();
        service.Due<LifecycleClock>();

        service.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
        service.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
        service.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
        service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        GetCustomer.Map(app);
        GetPersonalData.Map(app);
    }
}
