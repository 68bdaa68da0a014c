using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>
/// What a published run means for one customer: scores against its cut-off values, and the grade, which only runs change. So that it does
/// not come and go, another grade stands only when the run of an earlier day means the same, or the customer is far past the boundary.
/// </summary>
/// <param name="Before">The latest published run of an earlier day; null before the second day.</param>
/// <param name="Revenue">As of the run; null for a customer of whose orders nothing is left.</param>
public sealed record TakeRun(PublishedRun Run, PublishedRun? Before, long? Revenue, DateTimeOffset At)
{
    public ICustomerEvent[] Decide(CustomerValue customer, Business business)
    {
        if (customer.Forgotten)
            return [];
        var judgement = new Judgement(customer);
        judgement.Score(Run, business, live: false, At);
        // Who has returned everything since the run's day has left.
        if (Revenue is not { } revenue || customer.LastOrderAt is null)
            return judgement.Facts;
        var grade = Run.Abc.Grade(revenue);
        if (grade != customer.Grade && Stands(customer, grade, revenue, business))
            judgement.Add(new AbcGradeChanged(customer.Grade, grade, Run.Id, At));
        return judgement.Facts;
    }

    bool Stands(CustomerValue customer, string grade, long revenue, Business business) =>
        customer.Grade is null || Run.Abc.IsPast(customer.Grade, revenue) || Before?.GradeOf(customer, business) == grade;
}
