using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A forgotten customer is judged no more, and customers is told that nothing here names the person.</summary>
public sealed class OnCustomerForgotten : IReaction<Contracts.CustomerForgotten>
{
    public IEnumerable<Write> React(Contracts.CustomerForgotten fact, FactContext about) =>
        [Write.To(CustomerValue.Of(fact.CustomerId), customer => Decide(customer, fact.OccurredAt.ToUniversalTime()))];

    public static ICustomerEvent[] Decide(CustomerValue customer, DateTimeOffset at) =>
        customer.Forgotten ? []
        : customer.InGroup ? customer.Counted(new PersonalDataErased(KeysDestroyed: 0, at), LifecycleRules.Separated, at)
        : [new PersonalDataErased(KeysDestroyed: 0, at)];
}
