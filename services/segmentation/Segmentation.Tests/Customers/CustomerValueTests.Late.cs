using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Tests.Customers;

public partial class CustomerValueTests
{
    static CustomerValue After(CustomerValue customer, PassTime clock, LifecyclePolicy policy) =>
        After(customer, clock.Decide(customer, policy));

    [Fact]
    public void an_earlier_purchase_that_is_heard_late_counts_for_the_stage()
    {
        var facts = new CountPurchase(Order(1), 100, March(1)).Decide(Bought((2, 100, March(10))), unmeasured);
        facts.ShouldContain(
            new LifecycleStageChanged(LifecycleStage.New, LifecycleStage.Repeat, "earlier-purchase", March(10), March(10).AddDays(90))
        );
    }

    [Fact]
    public void a_late_purchase_takes_back_that_the_customer_is_dormant_without_rewriting_it()
    {
        var (customer, dormantAt) = (Bought((1, 100, March(1))), March(1).AddDays(90));
        customer = new PassTime(dormantAt.AddHours(1)).Decide(customer, LifecyclePolicy.Default).Aggregate(customer, (s, e) => s.Evolve(e));
        new CountPurchase(Order(2), 100, dormantAt.AddHours(-1))
            .Decide(customer, unmeasured)
            .OfType<LifecycleStageChanged>()
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                s => s.From.ShouldBe(LifecycleStage.Dormant),
                s => s.To.ShouldBe(LifecycleStage.Repeat),
                s => s.OccurredAt.ShouldBe(dormantAt)
            );
    }

    [Fact]
    public void a_late_purchase_before_the_last_leaves_a_dormant_customer_dormant()
    {
        var customer = After(Bought((1, 100, March(10))), new PassTime(March(10).AddDays(91)), LifecyclePolicy.Default);
        customer.Stage.ShouldBe(LifecycleStage.Dormant);
        new CountPurchase(Order(2), 100, March(1)).Decide(customer, unmeasured).ShouldHaveSingleItem().ShouldBeOfType<PurchaseCounted>();
    }

    [Fact]
    public void a_return_that_is_heard_late_leaves_a_dormant_customer_dormant()
    {
        var customer = After(Bought((1, 100, March(1)), (2, 100, March(10))), new PassTime(March(10).AddDays(91)), LifecyclePolicy.Default);
        customer.Stage.ShouldBe(LifecycleStage.Dormant);
        new CountReturn(Order(1), NameId.For("return"), 100, WhollyReturned: true, March(12))
            .Decide(customer, unmeasured)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<ReturnCounted>();
    }
}
