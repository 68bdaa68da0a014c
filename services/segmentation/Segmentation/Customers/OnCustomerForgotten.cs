using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A forgotten customer is judged no more, and customers is told that nothing here names the person.</summary>
public sealed class OnCustomerForgotten : IReaction<Contracts.CustomerForgotten>
{
    public IEnumerable<Write> React(Contracts.CustomerForgotten fact, FactContext about) =>
        [Write.To(CustomerValue.Of(fact.CustomerId), customer => Decide(customer, fact.CustomerId, fact.OccurredAt.ToUniversalTime()))];

    public static ICustomerEvent[] Decide(CustomerValue customer, Guid customerId, DateTimeOffset at)
    {
        if (customer.Forgotten)
            return [];
        var erased = new PersonalDataErased(KeysDestroyed: customer.HasProfile ? 1 : 0, at);
        return
        [
            .. customer.HasProfile ? new ICustomerEvent[] { new ProfileErased(customerId, at) } : [],
            .. customer.InGroup ? customer.Counted(erased, LifecycleRules.Separated, at) : [erased],
        ];
    }
}
