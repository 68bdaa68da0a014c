using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>The customers of a class at the cut.</summary>
/// <param name="Customers">So many.</param>
/// <param name="RevenueNow">Net revenue by the cut, minor units.</param>
/// <param name="RevenueNext">Net revenue in the period, minor units.</param>
/// <param name="InactiveNext">How many of them made no net order in the period.</param>
/// <param name="CustomersAtEnd">Customers of this class at the end of the period, measured anew.</param>
public sealed record ClassCount(string Name, int Customers, long RevenueNow, long RevenueNext, int InactiveNext, int CustomersAtEnd)
{
    /// <summary>Fewer customers than this say too little of a class.</summary>
    public const int Fewest = 30;

    /// <summary>Share of next revenue / share of customers; null for a class that is too small, or where nobody bought.</summary>
    public double? Lift(int customers, long revenueNext) =>
        Customers < Fewest || revenueNext <= 0 ? null : (double)RevenueNext / revenueNext / ((double)Customers / customers);
}

/// <summary>One way in which a run puts customers into classes.</summary>
/// <param name="Scheme"><c>abc</c>, <c>segment</c>, <c>type</c>, <c>recency</c>, <c>frequency</c> or <c>monetary</c>.</param>
public sealed record SchemeCount(string Scheme, IReadOnlyList<ClassCount> Classes);

/// <summary>Into which class the scales of a day put a customer.</summary>
public sealed record Classes(RunDefinition By, RfmScale Rfm, AbcScale Abc)
{
    public const string OfAbc = "abc";

    static readonly string[] scores = ["5", "4", "3", "2", "1"];

    public static IReadOnlyList<string> Schemes { get; } = [OfAbc, "segment", "type", "recency", "frequency", "monetary"];

    public IEnumerable<string> Names(string scheme) =>
        scheme switch
        {
            OfAbc => AbcScale.Grades,
            "segment" => By.SegmentNames,
            "type" => ChineseTypes.All,
            _ => scores,
        };

    public string Of(string scheme, Metrics customer) =>
        scheme switch
        {
            OfAbc => Abc.Grade(By.Shared(customer)),
            "segment" => By.SegmentOf(Rfm.Score(customer)),
            "type" => Rfm.ChineseType(customer),
            "recency" => scores[5 - Rfm.Score(customer).Recency],
            "frequency" => scores[5 - Rfm.Score(customer).Frequency],
            _ => scores[5 - Rfm.Score(customer).Monetary],
        };

    /// <param name="atEnd">The scales of the end of the period, and who was measured then.</param>
    public SchemeCount Count(string scheme, IEnumerable<Bought> customers, (Classes By, IEnumerable<Metrics> Customers) atEnd)
    {
        var counts = Names(scheme).Distinct().ToDictionary(n => n, n => new ClassCount(n, 0, 0, 0, 0, 0));
        var (now, later) = (customers.ToLookup(c => Of(scheme, c.Now!.Value)), atEnd.Customers.CountBy(c => atEnd.By.Of(scheme, c)));
        var ends = later.ToDictionary();
        return new(
            scheme,
            [
                .. counts.Values.Select(c => new ClassCount(
                    c.Name,
                    now[c.Name].Count(),
                    now[c.Name].Sum(b => b.Now!.Value.Revenue),
                    now[c.Name].Sum(b => b.Next?.Revenue ?? 0),
                    now[c.Name].Count(b => b.Next is null),
                    ends.GetValueOrDefault(c.Name)
                )),
            ]
        );
    }
}
