using CrmPlatform.ServiceDesk.CorrectiveActions;

namespace CrmPlatform.ServiceDesk.Tests.CorrectiveActions;

public class RecurrenceTests
{
    /// <summary>The example of poisson.test in the documentation of R: 11 in 800 person-years against 21 in 3,011.</summary>
    [Fact]
    public void the_interval_of_two_poisson_rates_is_the_published_one()
    {
        var found = Recurrence.Of(before: 21, after: 11, exposure: 3011d / 800);
        (found.Ratio, found.Low, found.High).ShouldBe((1.9715m, .8584m, 4.2773m));
        found.Effective.ShouldBeFalse();
    }

    [Fact]
    public void an_action_helped_only_if_the_whole_interval_is_below_one()
    {
        Recurrence.Of(20, 5).Effective.ShouldBeTrue();
        Recurrence.Of(4, 1).Effective.ShouldBeFalse("the same ratio of so few shows nothing");
        var none = 1 - Math.Pow(.025, 1d / 6);
        Recurrence.Of(6, 0).ShouldBe(new(6, 0, 0, 0, (decimal)Math.Round(none / (1 - none), 4), true));
        Recurrence.Of(0, 0).ShouldBe(new(0, 0, null, null, null, false));
        Recurrence.Of(0, 3).ShouldBe(new(0, 3, null, Recurrence.Of(0, 3).Low, null, false));
        Recurrence.Of(0, 3).Low!.Value.ShouldBeInRange(.3m, .5m);
    }
}
