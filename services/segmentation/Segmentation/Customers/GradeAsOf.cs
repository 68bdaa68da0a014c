namespace CrmPlatform.Segmentation.Customers;

/// <summary>Grades by the cut-off values of a run.</summary>
static class GradeAsOf
{
    /// <summary>What a run's cut-off values mean for the orders up to its day, as they are known now; null where there are none.</summary>
    public static string? GradeOf(this PublishedRun run, CustomerValue customer, Business business)
    {
        var until = business.StartOf(run.Rfm.AsOf.AddDays(1));
        NetOrder[] orders = [.. customer.Orders.Where(o => o.At < until)];
        return orders.Length > 0 ? run.Abc.Grade(orders.Sum(o => o.Net)) : null;
    }
}
