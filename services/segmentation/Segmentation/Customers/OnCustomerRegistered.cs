using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>Somebody who is known and has not bought yet is a prospect.</summary>
public sealed class OnCustomerRegistered : IReaction<Contracts.CustomerRegistered>
{
    public IEnumerable<Write> React(Contracts.CustomerRegistered fact, FactContext about) =>
        [Write.To(CustomerValue.Of(fact.CustomerId), customer => Decide(customer, fact.OccurredAt.ToUniversalTime()))];

    public static ICustomerEvent[] Decide(CustomerValue customer, DateTimeOffset registeredAt) =>
        customer.Stage is null && !customer.Forgotten
            ? [new LifecycleStageChanged(null, LifecycleStage.Prospect, LifecycleRules.Registered, registeredAt, customer.DueAt)]
            : [];
}
