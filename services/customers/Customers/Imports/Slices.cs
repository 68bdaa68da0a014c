namespace CrmPlatform.Customers.Imports;

/// <summary>What is in this folder: customers and purchases in bulk.</summary>
static class Slices
{
    public static void Map(IEndpointRouteBuilder app)
    {
        ImportCustomers.Map(app);
        ImportPurchases.Map(app);
    }
}
