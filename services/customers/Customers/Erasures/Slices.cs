using Contracts = CrmPlatform.Contracts;

namespace CrmPlatform.Customers.Erasures;

/// <summary>What is in this folder: forgetting a customer, until every context has.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Erasure, IErasureEvent>("erasure");
        room.On<Contracts.PersonalDataErased, OnPersonalDataErased>();

        ForgetCustomer.Map(room);
        GetErasure.Map(room);
    }
}
