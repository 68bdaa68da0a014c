using CrmPlatform.Segmentation.Definitions;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>A back-test in short.</summary>
/// <param name="Id">Id of the back-test.</param>
/// <param name="Cut">Business day at whose end customers were graded.</param>
/// <param name="Days">Business days of the period after it.</param>
/// <param name="MeasuredBy">Code of the definition that they were graded by.</param>
/// <param name="Customers">Customers who were graded.</param>
/// <param name="Verdict"><c>works</c>, <c>weak</c> or <c>no-better-than-chance</c>.</param>
/// <param name="ComputedAt">When it was computed.</param>
public sealed record BackTestSummary(
    Guid Id,
    DateOnly Cut,
    int Days,
    string MeasuredBy,
    int Customers,
    [property: OneOf("works", "weak", "no-better-than-chance")] string Verdict,
    DateTimeOffset ComputedAt
);

/// <summary>What became of the customers of a class. With fewer than 30 customers all but their number is null.</summary>
/// <param name="Class">Name of the class: <c>A</c>, <c>Champions</c>, or a score, <c>5</c>.</param>
/// <param name="Customers">Customers of the class at the cut.</param>
/// <param name="ShareOfCustomers">Their share of all who were graded; such shares add up to 1.</param>
/// <param name="RevenueNow">Their net revenue by the cut, in the base currency.</param>
/// <param name="ShareNow">Their share of it.</param>
/// <param name="RevenueNext">Their net revenue in the period.</param>
/// <param name="ShareNext">Their share of it.</param>
/// <param name="Lift">Share of next revenue / share of customers: 1 is what anybody brings. Null where nobody bought in the period.</param>
/// <param name="InactiveNext">Share of them who made no net order in the period.</param>
/// <param name="CustomersAtEnd">Customers of the class at the end of the period, measured anew.</param>
public sealed record ClassResult(
    string Class,
    int Customers,
    decimal? ShareOfCustomers,
    decimal? RevenueNow,
    decimal? ShareNow,
    decimal? RevenueNext,
    decimal? ShareNext,
    double? Lift,
    double? InactiveNext,
    int CustomersAtEnd
);

/// <summary>One way to put customers into classes.</summary>
/// <param name="Scheme">ABC classes, segments, the eight types, or one of the three scores.</param>
/// <param name="Classes">The best first.</param>
/// <param name="Psi">Population stability index of the classes' shares of customers, from the cut to the end of the period.</param>
/// <param name="Drift"><c>calm</c> below .1, <c>watch</c> below .25, else <c>alarm</c>; null with psi.</param>
public sealed record SchemeResult(
    [property: OneOf("abc", "segment", "type", "recency", "frequency", "monetary")] string Scheme,
    IReadOnlyList<ClassResult> Classes,
    double? Psi,
    [property: OneOf(null, "calm", "watch", "alarm")] string? Drift
);

/// <summary>Where the customers of an ABC class were in the period: shares that add up to 1, null with fewer than 30 customers.</summary>
/// <param name="From">The class at the cut.</param>
/// <param name="Customers">Customers of it.</param>
/// <param name="A">Share of them who were A by what they bought in the period.</param>
/// <param name="B">Share of them who were B.</param>
/// <param name="C">Share of them who were C and bought something.</param>
/// <param name="None">Share of them who bought nothing.</param>
public sealed record Migration(
    [property: OneOf("A", "B", "C")] string From,
    int Customers,
    decimal? A,
    decimal? B,
    decimal? C,
    decimal? None
);

/// <summary>A back-test with its result.</summary>
/// <param name="Id">Id of the back-test.</param>
/// <param name="Cut">Business day at whose end customers were graded, by what had been counted.</param>
/// <param name="Days">Business days of the period after it.</param>
/// <param name="Definition">All that it was computed with, as a run says it.</param>
/// <param name="MeasuredBy">The definition in the version that it was computed with.</param>
/// <param name="ComputedAt">When it was computed.</param>
/// <param name="Verdict"><c>works</c>: p below .01, and of A, B and C each has more lift than the next; <c>no-better-than-chance</c>: p is
/// .05 or more; else <c>weak</c>.</param>
/// <param name="Customers">Customers who were graded: those with a net order by the cut.</param>
/// <param name="RevenueNow">Their net revenue by the cut, in the base currency.</param>
/// <param name="RevenueNext">Their net revenue in the period.</param>
/// <param name="New">Customers who bought in the period and had not by the cut (in the definition's window): they had no class.</param>
/// <param name="NewRevenue">Their net revenue in the period.</param>
/// <param name="Currency">The base currency, ISO 4217.</param>
/// <param name="Ranking">How well the order of the customers was that of their next revenue.</param>
/// <param name="Schemes">The classes.</param>
/// <param name="Migration">From each ABC class to that of the period, which is made of the period's revenue of the same customers.</param>
/// <param name="Stayed">Share of customers who were in the same class; bought nothing is C.</param>
/// <param name="Purchases">Purchases that it counted.</param>
/// <param name="Returns">Returns that it counted.</param>
public sealed record BackTestView(
    Guid Id,
    DateOnly Cut,
    int Days,
    string Definition,
    RunDefinition MeasuredBy,
    DateTimeOffset ComputedAt,
    [property: OneOf("works", "weak", "no-better-than-chance")] string Verdict,
    int Customers,
    decimal RevenueNow,
    decimal RevenueNext,
    int New,
    decimal NewRevenue,
    string Currency,
    Ranking Ranking,
    IReadOnlyList<SchemeResult> Schemes,
    IReadOnlyList<Migration> Migration,
    double Stayed,
    long Purchases,
    long Returns
)
{
    public static BackTestView Of(Guid id, BackTestComputed computed, Business business)
    {
        var (m, abc) = (computed.Measured, computed.Measured.Schemes[0].Classes);
        var (customers, next) = (m.Rfm.Customers, abc.Sum(c => c.RevenueNext));
        decimal money(decimal minor) => Segmentation.Customers.MinorUnits.ToAmount(minor, business.Currency);
        return new(
            Id: id,
            Cut: computed.Cut,
            Days: computed.Days,
            Definition: computed.Definition,
            MeasuredBy: computed.MeasuredBy,
            ComputedAt: computed.OccurredAt,
            Verdict: m.Verdict,
            Customers: customers,
            RevenueNow: money(m.Rfm.TotalRevenue),
            RevenueNext: money(next),
            New: m.New,
            NewRevenue: money(m.NewRevenue),
            Currency: business.Currency,
            Ranking: m.Ranking.Rounded(),
            Schemes: [.. m.Schemes.Select(Scheme)],
            Migration: [.. m.Moves.Select(Row)],
            Stayed: Math.Round((double)(m.Moves[0].A + m.Moves[1].B + m.Moves[2].C + m.Moves[2].None) / customers, 4),
            Purchases: computed.Purchases,
            Returns: computed.Returns
        );

        SchemeResult Scheme(SchemeCount s)
        {
            var psi = BackTests.Drift.Psi([.. s.Classes.Select(c => c.Customers)], [.. s.Classes.Select(c => c.CustomersAtEnd)]);
            var (size, now, later) = (Shares(c => c.Customers), Shares(c => c.RevenueNow), Shares(c => c.RevenueNext));
            return new(
                s.Scheme,
                [.. s.Classes.Select((c, i) => Class(c, size[i], now[i], later[i]))],
                psi is { } p ? Math.Round(p, 4) : null,
                psi is { } state ? BackTests.Drift.State(state) : null
            );

            decimal[] Shares(Func<ClassCount, decimal> of) => [.. Percentages.Of([.. s.Classes.Select(of)]).Select(p => p / 100)];
        }

        ClassResult Class(ClassCount c, decimal size, decimal now, decimal later) =>
            c.Customers < ClassCount.Fewest
                ? new(c.Name, c.Customers, null, null, null, null, null, null, null, c.CustomersAtEnd)
                : new(
                    Class: c.Name,
                    Customers: c.Customers,
                    ShareOfCustomers: size,
                    RevenueNow: money(c.RevenueNow),
                    ShareNow: now,
                    RevenueNext: money(c.RevenueNext),
                    ShareNext: later,
                    Lift: c.Lift(customers, next) is { } lift ? Math.Round(lift, 4) : null,
                    InactiveNext: Math.Round((double)c.InactiveNext / c.Customers, 4),
                    CustomersAtEnd: c.CustomersAtEnd
                );
    }

    static Migration Row(Move m)
    {
        if (m.Customers < ClassCount.Fewest)
            return new(m.From, m.Customers, null, null, null, null);
        decimal[] shares = [.. Percentages.Of([m.A, m.B, m.C, m.None]).Select(p => p / 100)];
        return new(m.From, m.Customers, shares[0], shares[1], shares[2], shares[3]);
    }
}
