namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>What is in this folder: what others say of a customer.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<CustomerStanding, IStandingEvent>("customer_standing");
        service.Inline<Standings>();

        service.On<Contracts.TierChanged, OnTierChanged>();
        service.On<Contracts.GradeChanged, OnGradeChanged>();
        service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();
    }
}
