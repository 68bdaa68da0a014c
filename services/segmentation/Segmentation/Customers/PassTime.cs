using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// The clock comes by: a customer who has been quiet for longer than θ is dormant, for longer than 2θ lost, one for whom the conditions of
/// loyalty have held is loyal, from those instants on.
/// </summary>
public sealed record PassTime(DateTimeOffset Now)
{
    public ICustomerEvent[] Decide(CustomerValue customer, LifecyclePolicy policy)
    {
        // A row of the work list may be older than the stream.
        if (customer.Forgotten || !(customer.DueAt < Now))
            return [];
        var judgement = new Judgement(customer);
        judgement.PassTime(Now, policy);
        var due = customer.Steps(policy).DueFrom(Now);
        if (judgement.Customer.DueAt != due)
            judgement.Add(new ThresholdMoved(due));
        return judgement.Facts;
    }
}
