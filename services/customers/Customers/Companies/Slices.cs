namespace CrmPlatform.Customers.Companies;

/// <summary>What is in this folder: which company belongs to which, and what a tree of companies bought.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CompanyTree, ICompanyTreeEvent>("company-tree");
        room.Inline<CompanyParents>();
        room.Async<CustomerSales>();

        SetParent.Map(room);
        ClearParent.Map(room);
        GetCompanyTree.Map(room);
    }
}
