using CrmPlatform.Segmentation.Abc;

namespace CrmPlatform.Segmentation.Tests.Abc;

public class AbcScaleTests
{
    static string Grades(params long[] revenues)
    {
        var scale = AbcScale.Of(revenues);
        return string.Concat(revenues.Select(scale.Grade));
    }

    [Fact]
    public void one_dominant_customer_is_A() => Grades(1_000_000, 1, 1, 1).ShouldBe("ACCC");

    [Fact]
    public void crossing_customer_belongs_to_the_better_class() => Grades(50, 25, 12, 8, 5).ShouldBe("AAABC");

    [Fact]
    public void equal_revenue_takes_the_better_class() => Grades(60, 20, 10, 10).ShouldBe("AABB");

    [Fact]
    public void all_equal_are_all_A() => Grades(7, 7, 7, 7, 7, 7, 7, 7, 7, 7).ShouldBe("AAAAAAAAAA");

    [Fact]
    public void nothing_and_less_are_C() => Grades(0, -5, 10).ShouldBe("CCA");

    [Fact]
    public void nobody_with_revenue_is_nobody_in_A() => Grades(0, 0, -1).ShouldBe("CCC");

    static readonly Arbitrary<long[]> revenues = Gen.Choose(-2, 60)
        .Select(r => (long)r)
        .NonEmptyListOf()
        .Select(l => l.ToArray())
        .ToArbitrary();

    [Fact]
    public void class_follows_the_share_before_the_first_of_equals() =>
        Prop.ForAll(
                revenues,
                all =>
                {
                    var (scale, total) = (AbcScale.Of(all), (decimal)all.Where(r => r > 0).Sum());
                    return all.All(r =>
                    {
                        var before = (decimal)all.Where(o => o > r).Sum();
                        var expected =
                            r <= 0 ? "C"
                            : before < 0.80m * total ? "A"
                            : before < 0.95m * total ? "B"
                            : "C";
                        return scale.Grade(r) == expected;
                    });
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_earns_at_least_80_percent_and_is_minimal_up_to_ties() =>
        Prop.ForAll(
                revenues,
                all =>
                {
                    var (scale, total) = (AbcScale.Of(all), (decimal)all.Where(r => r > 0).Sum());
                    var a = all.Where(r => scale.Grade(r) == "A").ToArray();
                    if (total == 0)
                        return a.Length == 0;
                    var least = a.Min();
                    return a.Sum() >= 0.80m * total && a.Where(r => r > least).Sum() < 0.80m * total;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void far_past_a_boundary_is_more_than_two_points_of_the_total() =>
        Prop.ForAll(
                revenues,
                all =>
                {
                    var (scale, total) = (AbcScale.Of(all), (decimal)all.Where(r => r > 0).Sum());
                    return all.All(r =>
                    {
                        if (r <= 0)
                            return scale.IsPast("A", r) && scale.IsPast("B", r) && !scale.IsPast("C", r);
                        var before = all.Where(o => o > r).Sum() / total;
                        return scale.IsPast("A", r) == (before > 0.82m)
                            && scale.IsPast("B", r) == (before is < 0.78m or > 0.97m)
                            && scale.IsPast("C", r) == (before < 0.93m);
                    });
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void two_points_past_a_boundary_are_not_more_than_two_points()
    {
        var scale = AbcScale.Of([82, 12, 6]);
        (scale.Grade(12), scale.IsPast("A", 12)).ShouldBe(("B", false));
        (scale.Grade(11), scale.IsPast("A", 11)).ShouldBe(("B", true));
        var other = AbcScale.Of([78, 16, 6]);
        (other.Grade(16), other.IsPast("B", 16)).ShouldBe(("A", false));
        (other.Grade(17), other.IsPast("B", 17)).ShouldBe(("A", false));
    }

    [Fact]
    public void a_scale_of_an_earlier_version_knows_no_margins() =>
        new[] { "A", "B", "C" }.ShouldAllBe(grade => !new AbcScale(100, 10).IsPast(grade, 50));
}
