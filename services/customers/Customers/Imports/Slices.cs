namespace CrmPlatform.Customers.Imports;

/// <summary>What is in this folder: customers, purchases and returns in bulk.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        ImportCustomers.Map(room);
        ImportPurchases.Map(room);
        ImportReturns.Map(room);
    }
}
