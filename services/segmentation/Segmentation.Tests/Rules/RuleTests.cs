using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.Tests.Rules;

public class RuleTests
{
    static readonly Condition twoAndNotSilent = new(
        All: [new(Purchases: new("count", AtLeast: 2, Within: new(30))), new(Silence: new("purchase", UnderDays: 20))]
    );

    static DateTimeOffset Day(int month, int day, int hour) => new(2026, month, day, hour, 0, 0, TimeSpan.Zero);

    static List<(bool In, DateTimeOffset At, string Cause)> Changes(params DateTimeOffset[] purchases)
    {
        var facts = RuleWorld.Facts(purchases.Select(at => new PurchaseCounted(Guid.CreateVersion7(), 100, at, null)));
        var segment = new LiveSegment(
            "worked",
            [new Era(Instant.Of(Day(1, 1, 0)), 1, Rule.Of(twoAndNotSilent, RuleWorld.Business))],
            long.MinValue,
            null
        );
        return
        [
            .. segment.Changes(facts, Standing.Never, Instant.Of(Day(12, 31, 0))).Select(c => (c.In, Instant.Shown(c.At)!.Value, c.Cause)),
        ];
    }

    [Fact]
    public void the_worked_dates_silence_ends_it() =>
        Changes(Day(3, 1, 10), Day(3, 9, 8)).ShouldBe([(true, Day(3, 9, 8), "facts"), (false, Day(3, 29, 8), "time")]);

    [Fact]
    public void the_worked_dates_with_a_third_purchase_the_count_ends_it() =>
        Changes(Day(3, 1, 10), Day(3, 9, 8), Day(3, 25, 8)).ShouldBe([(true, Day(3, 9, 8), "facts"), (false, Day(4, 8, 8), "time")]);

    [Theory, InlineData(1, 5763), InlineData(2, 5609)]
    public void buckets_are_those_of_the_published_formula(int id, int bucket) =>
        Buckets.Of("winback-2026", new Guid($"00000000-0000-0000-0000-{id:000000000000}")).ShouldBe(bucket);

    public static TheoryData<Condition, string, string> Wrong { get; } =
        new()
        {
            { new(), "rule-invalid", "rule" },
            { new(Segment: "a", Consent: new("marketing")), "rule-invalid", "rule" },
            { new(All: []), "rule-invalid", "rule.all" },
            { new(Any: [new(Segment: "a"), new()]), "rule-invalid", "rule.any[1]" },
            { new(AtLeast: new(3, [new(Segment: "a")])), "rule-invalid", "rule.atLeast.count" },
            { new(Purchases: new("count")), "rule-invalid", "rule.purchases" },
            { new(Purchases: new("count", AtLeast: 5, AtMost: 4)), "rule-invalid", "rule.purchases" },
            { new(Purchases: new("count", AtLeast: 1, Within: new(3, 3))), "rule-invalid", "rule.purchases.within" },
            { new(Did: new(new("survey", "toys"), 1)), "rule-invalid", "rule.did.of.category" },
            { new(Did: new(new("ticket", MinScore: 3), 1)), "rule-invalid", "rule.did.of.minScore" },
            { new(Silence: new("purchase")), "rule-invalid", "rule.silence" },
            { new(Score: new("tier")), "rule-invalid", "rule.score.in" },
            { new(Score: new("recency", ["5"])), "rule-invalid", "rule.score" },
            { new(Score: new("stage", ["Nonsense"])), "rule-invalid", "rule.score.in" },
            { new(Score: new("stage", ["Active"], AtLeast: 3)), "rule-invalid", "rule.score" },
            { new(Score: new("grade", ["A"])), "rule-invalid", "rule.score.scheme" },
            { new(Score: new("abc", ["A"], Scheme: "value")), "rule-invalid", "rule.score.scheme" },
            { new(Score: new("riskBand", ["fine"])), "rule-invalid", "rule.score.in" },
            { new(Score: new("churn", ["silence"], Missing: "no")), "rule-invalid", "rule.score.missing" },
            { new(Profile: new("province", [""])), "rule-invalid", "rule.profile.in" },
            { new(Profile: new("province", [new string('x', 201)])), "rule-invalid", "rule.profile.in" },
            { new(Profile: new("province", ["a"], AtLeast: 1)), "rule-invalid", "rule.profile" },
            { new(Profile: new("householdSize", ["3"], AtLeast: 3)), "rule-invalid", "rule.profile" },
            { new(Purchases: new("count", AtLeast: -5)), "rule-invalid", "rule.purchases" },
            { new(Did: new(new("survey", MinScore: 5, MaxScore: 1), 1)), "rule-invalid", "rule.did.of" },
            { new(Bucket: new("s", 10, 10)), "rule-invalid", "rule.bucket" },
            { Nested(9), "rule-too-large", "rule.not.not.not.not.not.not.not.not" },
            { new(All: [.. Enumerable.Range(0, 51).Select(_ => new Condition(Segment: "a"))]), "rule-too-large", "rule.all" },
        };

    static Condition Nested(int depth) => depth == 1 ? new(Segment: "a") : new(Not: Nested(depth - 1));

    [Theory, MemberData(nameof(Wrong))]
    public void what_cannot_be_understood_is_refused_with_its_place(Condition condition, string code, string field)
    {
        var refused = Should.Throw<RuleViolationException>(() => Rule.Of(condition, RuleWorld.Business));
        (refused.Code, refused.Field).ShouldBe((code, field));
    }

    [Fact]
    public void an_order_of_which_all_toys_came_back_is_no_order_of_toys()
    {
        var (order, at) = (Guid.CreateVersion7(), Day(3, 1, 10));
        var facts = RuleWorld.Facts([
            new PurchaseCounted(order, 1500, at, null, Lines: [new("t", "toys", null, 1000, false), new("f", "food", null, 500, false)]),
            new ReturnCounted(order, Guid.CreateVersion7(), 1000, false, at.AddDays(2), null, [new("toys", 1000)]),
        ]);
        Verdict Bought(string category, DateTimeOffset when) =>
            Rule.Of(new(Purchases: new("count", AtLeast: 1, Category: category)), RuleWorld.Business).At(facts, Instant.Of(when));
        Bought("toys", at.AddDays(1)).ShouldBe(Verdict.Yes);
        Bought("toys", at.AddDays(2)).ShouldBe(Verdict.No);
        Bought("food", at.AddDays(2)).ShouldBe(Verdict.Yes);
    }
}
