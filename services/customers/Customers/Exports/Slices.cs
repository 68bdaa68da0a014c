namespace CrmPlatform.Customers.Exports;

/// <summary>What is in this folder: everything that is held about one person.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        ExportCustomer.Map(room);
    }
}
