using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>
/// What a published run means for one customer: scores against its cut-off values, and the grade, which only runs change.
/// </summary>
/// <param name="Grade">By the revenue as of the run; null for a customer of whose orders nothing is left.</param>
public sealed record TakeRun(PublishedRun Run, string? Grade, DateTimeOffset At)
{
    public ICustomerEvent[] Decide(CustomerValue customer, Business business)
    {
        if (customer.Forgotten)
            return [];
        var judgement = new Judgement(customer);
        judgement.Score(Run, business, live: false, At);
        if (Grade is not null && Grade != customer.Grade)
            judgement.Add(new AbcGradeChanged(customer.Grade, Grade, Run.Id, At));
        return judgement.Facts;
    }
}
