namespace CrmPlatform.Segmentation.Customers;

/// <summary>What is in this folder: what each customer bought, and what is said of them at present.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<CustomerValue, ICustomerEvent>("customer_value");
        service.Async<CustomerScores>();

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
