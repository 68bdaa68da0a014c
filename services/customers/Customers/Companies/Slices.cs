namespace CrmPlatform.Customers.Companies;

/// <summary>What is in this folder: which company belongs to which, and what a tree of companies bought, and who has a say there.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CompanyTree, ICompanyTreeEvent>("company-tree");
        room.Aggregate<CompanyContact, ICompanyContactEvent>("company-contact");
        room.Inline<CompanyParents>();
        room.Inline<CompanyContacts>();
        room.Async<CustomerSales>();
        room.Async<CustomerInteractions>();
        room.Services.AddScoped<GetContacts>();

        SetParent.Map(room);
        ClearParent.Map(room);
        GetCompanyTree.Map(room);
        AddContact.Map(room);
        ReviseContact.Map(room);
        LeaveCompany.Map(room);
        GiveRole.Map(room);
        GetContacts.Map(room);
        GetCoverage.Map(room);

        room.Due<ForgetLateContacts>();
    }
}
