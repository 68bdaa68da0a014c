using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Tests.Runs;

/// <summary>When a grade that a run finds becomes that of the customer; A and B begin at the boundaries that each run names.</summary>
public class TakeRunTests
{
    static readonly Business business = new() { TimeZone = "America/New_York", Currency = "USD" };
    static readonly DateOnly first = new(2026, 3, 1);

    [Fact]
    public void the_first_grade_stands_at_once() => Grades(Run(0, a: 100)).ShouldBe("A");

    [Fact]
    public void another_grade_stands_when_the_next_run_finds_it_too() =>
        Grades(Run(0, a: 100), Run(1, a: 130), Run(2, a: 129)).ShouldBe("A A B");

    [Fact]
    public void a_grade_that_came_and_went_never_stood() =>
        Grades(Run(0, a: 100), Run(1, a: 130), Run(2, a: 100), Run(3, a: 130), Run(4, a: 100)).ShouldBe("A A A A A");

    [Fact]
    public void far_past_the_boundary_it_stands_at_once() => Grades(Run(0, a: 100), Run(1, a: 300)).ShouldBe("A B");

    [Fact]
    public void runs_of_one_day_are_one_run() =>
        Grades(Run(0, a: 100), Run(1, a: 130), Run(1, a: 131), Run(1, a: 132), Run(2, a: 130)).ShouldBe("A A A A B");

    [Fact]
    public void two_other_grades_in_turn_are_not_twice_the_same() =>
        Grades(Run(0, a: 100), Run(1, a: 130), Run(2, a: 200, b: 150, doubt: 110), Run(3, a: 200, b: 150, doubt: 110)).ShouldBe("A A A C");

    [Fact]
    public void what_was_bought_on_the_day_waits_for_the_next_run()
    {
        // 60 more on the second day: that run finds A, the run before it would not have.
        PublishedRun[] runs = [Run(0, a: 150), Run(1, a: 150), Run(2, a: 150)];
        var customer = After(Customer(120), new TakeRun(runs[0], null, 120, At(0)));
        customer.Grade.ShouldBe("B");
        customer = customer.Evolve(new PurchaseCounted(NameId.For("more"), 60, At(1).AddHours(-3), null));
        customer = After(customer, new TakeRun(runs[1], runs[0], 180, At(1)));
        customer.Grade.ShouldBe("B");
        After(customer, new TakeRun(runs[2], runs[1], 180, At(2))).Grade.ShouldBe("A");
    }

    [Fact]
    public void what_a_run_said_is_not_said_again()
    {
        var customer = After(Customer(120), new TakeRun(Run(0, a: 100), null, 120, At(0)));
        var (held, moved) = (new TakeRun(Run(1, a: 130), Run(0, a: 100), 120, At(1)), new TakeRun(Run(1, a: 300), null, 120, At(1)));
        After(customer, held).ShouldBe(After(After(customer, held), held));
        held.Decide(After(customer, held), business).ShouldBeEmpty();
        moved.Decide(After(customer, moved), business).ShouldBeEmpty();
    }

    [Fact]
    public void who_returned_everything_since_gets_no_grade_of_an_order_that_is_none()
    {
        var take = new TakeRun(Run(0, a: 100), null, 120, At(0));
        var customer = After(Customer(120), take);
        customer = customer.Evolve(new ReturnCounted(NameId.For("order"), NameId.For("back"), 120, true, At(0).AddHours(1), null));
        var left = After(customer, take);
        (left.Grade, left.Scores).ShouldBe((null, null));
        After(left, take).Grade.ShouldBeNull();
    }

    /// <summary>Grades of a customer with 120 after each of the runs.</summary>
    static string Grades(params PublishedRun[] runs)
    {
        var (customer, said) = (Customer(120), new List<string?>());
        for (var i = 0; i < runs.Length; i++)
        {
            var before = runs[..i].LastOrDefault(r => r.Rfm.AsOf < runs[i].Rfm.AsOf);
            customer = After(customer, new TakeRun(runs[i], before, 120, At(i)));
            said.Add(customer.Grade);
        }
        return string.Join(' ', said);
    }

    static CustomerValue Customer(long net) =>
        CustomerValue.Initial.Evolve(new PurchaseCounted(NameId.For("order"), net, At(-9), DueAt: null));

    static CustomerValue After(CustomerValue customer, TakeRun take) =>
        take.Decide(customer, business).Aggregate(customer, (state, fact) => state.Evolve(fact));

    static PublishedRun Run(int day, long a, long b = 10, long doubt = 50) =>
        new(
            NameId.For("run", $"{day}", $"{a}"),
            RfmScale.Of(first.AddDays(day), [new(first, 1, 100)]),
            new AbcScale(a, b, new(a + doubt, a - doubt, b + doubt, b - doubt))
        );

    static DateTimeOffset At(int day) => business.StartOf(first.AddDays(day + 1)).AddSeconds(-1);
}
