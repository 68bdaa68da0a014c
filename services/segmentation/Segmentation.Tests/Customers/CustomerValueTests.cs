using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Tests.Customers;

public partial class CustomerValueTests
{
    static readonly Business business = new() { TimeZone = "America/New_York", Currency = "USD" };
    static readonly DateOnly asOf = new(2026, 3, 31);

    /// <summary>Ten customers: last orders 22 to 31 March, 1 to 10 orders, 100 to 1,000 in revenue.</summary>
    static readonly PublishedRun run = new(
        NameId.For("run"),
        RfmScale.Of(asOf, [.. Enumerable.Range(0, 10).Select(i => new Metrics(asOf.AddDays(i - 9), i + 1, (i + 1) * 100))]),
        AbcScale.Of([1000, 100])
    );
    static readonly Yardstick unmeasured = new(business, LifecyclePolicy.Default, Run: null);
    static readonly Yardstick measured = unmeasured with { Run = run };

    static DateTimeOffset March(int day) => new(2026, 3, day, 15, 0, 0, TimeSpan.Zero);

    static Guid Order(int n) => NameId.For("order", $"{n}");

    static CustomerValue Given(params ICustomerEvent[] facts) => After(CustomerValue.Initial, facts);

    static CustomerValue After(CustomerValue customer, ICustomerEvent[] facts) =>
        facts.Aggregate(customer, (state, fact) => state.Evolve(fact));

    static CustomerValue Bought(params (int Order, long Net, DateTimeOffset At)[] purchases) =>
        purchases.Aggregate(
            CustomerValue.Initial,
            (state, p) => new CountPurchase(Order(p.Order), p.Net, p.At).Decide(state, unmeasured).Aggregate(state, (s, e) => s.Evolve(e))
        );

    [Fact]
    public void first_purchase_of_a_prospect_makes_a_new_customer()
    {
        var prospect = Given(new LifecycleStageChanged(null, LifecycleStage.Prospect, "registered", March(1), null));
        new CountPurchase(Order(1), 500, March(2))
            .Decide(prospect, unmeasured)
            .ShouldBe([
                new PurchaseCounted(Order(1), 500, March(2), March(2).AddDays(90)),
                new LifecycleStageChanged(LifecycleStage.Prospect, LifecycleStage.New, "purchase", March(2), March(2).AddDays(90)),
            ]);
    }

    [Fact]
    public void an_active_customers_purchase_is_one_fact() =>
        new CountPurchase(Order(9), 500, March(9))
            .Decide(Bought((1, 1, March(1)), (2, 1, March(2)), (3, 1, March(3)), (4, 1, March(4))), unmeasured)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<PurchaseCounted>();

    [Fact]
    public void same_purchase_again_is_nothing() =>
        new CountPurchase(Order(1), 5, March(2)).Decide(Bought((1, 5, March(2))), unmeasured).ShouldBeEmpty();

    [Fact]
    public void a_purchase_worth_nothing_is_an_order() =>
        Bought((1, 0, March(1)), (2, 0, March(2))).ShouldSatisfyAllConditions(c => c.Orders.Length.ShouldBe(2), c => c.Revenue.ShouldBe(0));

    [Fact]
    public void with_a_published_run_a_purchase_is_scored_at_once()
    {
        var facts = new CountPurchase(Order(1), 950, March(31)).Decide(CustomerValue.Initial, measured);
        facts[2..]
            .ShouldBe([
                new RfmScored(5, 1, 5, "Potential Loyalist", "重要发展", run.Id, asOf, Live: true, March(31)),
                new SegmentEntered("Potential Loyalist", 1, "R=5;F=1;M=5;as-of=2026-03-31", March(31)),
            ]);
    }

    [Fact]
    public void unchanged_scores_are_not_said_again()
    {
        var customer = Given(new CountPurchase(Order(1), 950, March(31)).Decide(CustomerValue.Initial, measured));
        new CountPurchase(Order(2), 1, March(31).AddDays(3)).Decide(customer, measured).ShouldNotContain(e => e is RfmScored);
    }

    [Fact]
    public void recency_counts_days_of_the_company() =>
        // 03:00 UTC on the 23rd is still the 22nd in New York.
        new CountPurchase(Order(1), 950, new DateTimeOffset(2026, 3, 23, 3, 0, 0, TimeSpan.Zero))
            .Decide(CustomerValue.Initial, measured)
            .OfType<RfmScored>()
            .Single()
            .Recency.ShouldBe(1);

    [Fact]
    public void a_replica_that_lags_does_not_score_by_an_older_run()
    {
        var scored = Bought((1, 950, March(31)))
            .Evolve(new RfmScored(5, 1, 5, "Potential Loyalist", "重要发展", NameId.For("newer"), asOf.AddDays(1), false, March(31)));
        new CountPurchase(Order(2), 5000, March(31)).Decide(scored, measured).ShouldNotContain(e => e is RfmScored);
    }

    [Fact]
    public void a_wholly_returned_first_order_makes_a_prospect_again()
    {
        var facts = new CountReturn(Order(1), NameId.For("return"), 500, WhollyReturned: true, March(5)).Decide(
            Bought((1, 500, March(2))),
            unmeasured
        );
        facts.ShouldBe([
            new ReturnCounted(Order(1), NameId.For("return"), 500, true, March(5), null),
            new LifecycleStageChanged(LifecycleStage.New, LifecycleStage.Prospect, "purchase-returned", March(5), null),
        ]);
    }

    [Fact]
    public void a_partial_return_lowers_revenue_only()
    {
        var customer = Bought((1, 500, March(2)));
        var facts = new CountReturn(Order(1), NameId.For("return"), 200, WhollyReturned: false, March(5)).Decide(customer, unmeasured);
        facts.ShouldHaveSingleItem();
        customer
            .Evolve(facts[0])
            .ShouldSatisfyAllConditions(
                c => c.Revenue.ShouldBe(300),
                c => c.Orders.Length.ShouldBe(1),
                c => c.DueAt.ShouldBe(customer.DueAt)
            );
    }

    [Fact]
    public void a_customer_without_net_orders_leaves_the_segment()
    {
        var customer = Given(new CountPurchase(Order(1), 950, March(31)).Decide(CustomerValue.Initial, measured));
        new CountReturn(Order(1), NameId.For("return"), 950, WhollyReturned: true, March(31))
            .Decide(customer, measured)
            .ShouldContain(new SegmentLeft("Potential Loyalist", 1, "no-net-orders", March(31)));
    }

    [Fact]
    public void a_return_of_something_never_counted_is_nothing() =>
        new CountReturn(Order(7), NameId.For("return"), 1, true, March(5)).Decide(Bought((1, 1, March(1))), measured).ShouldBeEmpty();

    [Fact]
    public void nothing_more_is_recorded_of_a_forgotten_customer()
    {
        var customer = Bought((1, 100, March(1))).Evolve(new PersonalDataErased(0, March(2)));
        new CountPurchase(Order(2), 100, March(3)).Decide(customer, measured).ShouldBeEmpty();
        new CountReturn(Order(1), NameId.For("return"), 100, WhollyReturned: true, March(3)).Decide(customer, measured).ShouldBeEmpty();
        OnCustomerForgotten.Decide(customer, Guid.CreateVersion7(), March(4)).ShouldBeEmpty();
        new TakeRun(run, null, 1000, March(31)).Decide(customer, business).ShouldBeEmpty();
        new PassTime(March(31).AddYears(1)).Decide(customer, LifecyclePolicy.Default).ShouldBeEmpty();
    }

    [Fact]
    public void a_run_tells_scores_and_grade_and_says_nothing_twice()
    {
        var customer = Bought((1, 950, March(31)));
        var facts = new TakeRun(run, null, 1000, March(31).AddHours(5)).Decide(customer, business);
        facts.ShouldBe([
            new RfmScored(5, 1, 5, "Potential Loyalist", "重要发展", run.Id, asOf, Live: false, March(31).AddHours(5)),
            new SegmentEntered("Potential Loyalist", 1, "R=5;F=1;M=5;as-of=2026-03-31", March(31).AddHours(5)),
            new AbcGradeChanged(null, "A", run.Id, March(31).AddHours(5)),
        ]);
        new TakeRun(run, null, 1000, March(31).AddHours(6))
            .Decide(facts.Aggregate(customer, (s, e) => s.Evolve(e)), business)
            .ShouldBeEmpty();
    }

    [Fact]
    public void who_returned_everything_leaves_the_population_once()
    {
        var (customer, ungraded) = (
            Given(new AbcGradeChanged(null, "A", run.Id, March(1))),
            new TakeRun(run, null, Revenue: null, March(31))
        );
        var left = After(customer, ungraded.Decide(customer, business));
        (left.Grade, left.Scores, left.Segment).ShouldBe((null, null, null));
        ungraded.Decide(left, business).ShouldBeEmpty();
        ungraded.Decide(CustomerValue.Initial, business).ShouldBeEmpty();
        After(left, new CountPurchase(Order(1), 950, March(31)).Decide(left, measured)).Grade.ShouldBeNull();
    }
}
