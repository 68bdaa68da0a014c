using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Groups;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>
/// Random histories of a few customers who are merged and separated, with purchases, returns and retractions in any order and runs in
/// between. Everything is also done by twins who are never merged, and by one customer who does all of it.
/// </summary>
public class JudgeGroupTests
{
    // After all that is told; mostly before everybody has churned.
    static DateTimeOffset End(int seed) => new DateTimeOffset(2027, 6, 1, 12, 0, 0, TimeSpan.Zero).AddDays(seed % 400);

    [Fact]
    public void while_merged_they_are_judged_as_one_customer_who_did_it_all() =>
        Prop.ForAll(
                Gen.Choose(0, 10_000_000).ToArbitrary(),
                seed =>
                {
                    var world = new GroupHistory(seed);
                    for (var i = 0; i < 25; i++)
                        world.Step();
                    var survivor = world.MergeAll();
                    for (var i = 0; i < 10; i++)
                        world.Count();
                    world.Judge();
                    world.PassTime(End(seed));
                    var (group, one) = (world.Members[survivor].With(world.Others(survivor).Select(o => world.Members[o])), world.One);
                    Measured(group).ShouldBe(Measured(one));
                    world.Others(survivor).ShouldAllBe(o => world.Members[o].Scores == null && world.Members[o].Segment == null);
                    world.Others(survivor).ShouldAllBe(o => world.Members[o].Grade == null && world.Members[o].DueAt == null);
                    world.TakeRun(doubtful: false);
                    if (world.One.Orders.Any(o => o.At < world.RunUntil))
                        world.Members[survivor].Grade.ShouldBe(world.One.Grade);

                    static string Measured(CustomerValue c) =>
                        $"{string.Join(';', c.Orders.OrderBy(o => (o.At, o.Id)))} {c.Revenue} {Stage(c)} {c.DueAt:O} "
                        + $"{c.Scores} {c.ChineseType} {c.Segment}";

                    // Of whom nothing is left: never a customer, or one again who has bought nothing.
                    static LifecycleStage Stage(CustomerValue c) => c.Stage ?? LifecycleStage.Prospect;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void merge_then_unmerge_leaves_everything_as_if_it_had_never_been() =>
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), MergeThenUnmerge).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void who_lost_all_orders_before_the_group_was_judged_has_no_grade_again() => MergeThenUnmerge(1632494);

    static void MergeThenUnmerge(int seed)
    {
        var world = new GroupHistory(seed);
        for (var i = 0; i < 40; i++)
            world.Step();
        world.PartAll();
        world.Judge();
        world.PassTime(End(seed));
        foreach (var (id, member) in world.Members)
            GroupWorld.Said(member, world.RunsWhileMerged == 0).ShouldBe(GroupWorld.Said(world.Twins[id], world.RunsWhileMerged == 0));
        if (world.RunsWhileMerged == 0)
            world.TakeRun();
        // Twins may have a grade from before, to which one run more in doubt is not enough.
        else
            world.TakeRun(doubtful: false);
        foreach (var (id, member) in world.Members)
        {
            var graded = world.Twins[id].Orders.Any(o => o.At < world.RunUntil);
            GroupWorld.Said(member, graded).ShouldBe(GroupWorld.Said(world.Twins[id], graded));
        }
    }

    [Fact]
    public void judging_twice_changes_nothing()
    {
        var world = new GroupHistory(7);
        for (var i = 0; i < 25; i++)
            world.Step();
        world.MergeAll();
        world.Judge();
        world.JudgeAgain().ShouldBeEmpty();
    }
}
