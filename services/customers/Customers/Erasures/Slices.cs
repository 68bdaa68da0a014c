using Contracts = CrmPlatform.Contracts;

namespace CrmPlatform.Customers.Erasures;

/// <summary>What is in this folder: forgetting a customer, until every context has.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Erasure, IErasureEvent>("erasure");
        service.On<Contracts.PersonalDataErased, OnPersonalDataErased>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        ForgetCustomer.Map(app);
        GetErasure.Map(app);
    }
}
