using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Tests.Lifecycle;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>What is told of the members, of their twins, and of the one who does it all.</summary>
sealed partial class GroupHistory
{
    /// <summary>A purchase, a return, a retraction or what else decides a stage, of any day.</summary>
    public void Count()
    {
        var (by, at) = (Any(), start.AddHours(random.Next(24 * 400)));
        if (random.Next(4) == 0)
        {
            Do(by, Mark(at).Decide);
            return;
        }
        if (bought.Count == 0 || random.Next(3) > 0)
        {
            bought.Add((by, Id(), at));
            Do(by, new CountPurchase(bought[^1].Purchase, random.Next(1, 900), at, "shop").Decide);
            return;
        }
        var p = bought[random.Next(bought.Count)];
        if (random.Next(3) == 0)
            Do(p.By, new UncountPurchase(p.Purchase, p.At.AddDays(random.Next(90))).Decide);
        else
            Do(p.By, new CountReturn(p.Purchase, Id(), random.Next(1, 50), random.Next(2) == 0, p.At.AddDays(random.Next(90))).Decide);
    }

    Told Mark(DateTimeOffset at)
    {
        var day = (at - StageWorld.Start).TotalDays;
        return random.Next(6) switch
        {
            0 => StageWorld.Speaks(day),
            1 or 2 => StageWorld.Answers(day, random.Next(1, 6)),
            3 => StageWorld.Gets(day, random.Next(2) == 0 ? "gold" : "silver"),
            4 => StageWorld.Ends(day),
            _ => StageWorld.Reopens(day),
        };
    }

    void Do(Guid by, Func<CustomerValue, ICustomerEvent[]> decide) => Do(by, (customer, _) => decide(customer));

    void Do(Guid by, Func<CustomerValue, Yardstick, ICustomerEvent[]> decide)
    {
        Record(by, decide(Members[by], yardstick));
        Twins[by] = After(Twins[by], decide(Twins[by], yardstick));
        One = After(One, decide(One, yardstick));
    }
}
