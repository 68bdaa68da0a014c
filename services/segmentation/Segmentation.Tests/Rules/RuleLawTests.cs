using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.Tests.Rules;

public class RuleLawTests
{
    /// <summary>Seeds of random cases; the seed that fails is printed.</summary>
    static void Check(int cases, Action<Random> law) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => law(new(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    [Fact]
    public void a_rule_means_what_its_conditions_plainly_say() =>
        Check(
            2_000,
            random =>
            {
                var history = RuleWorld.History(random, random.Next(25));
                var (condition, events) = (RuleWorld.Rule(random), history.Select(h => h.Event).ToList());
                var (rule, facts) = (Rule.Of(condition, RuleWorld.Business), RuleWorld.Facts(events));
                for (var i = 0; i < 20; i++)
                {
                    // Whole hours, where windows end, and the moments around them.
                    var at = RuleWorld.Start.AddHours(random.Next(270 * 24)).AddMicroseconds(random.Next(-1, 2));
                    rule.At(facts, Instant.Of(at)).ShouldBe(PlainVerdict.Of(condition, events, at));
                }
            }
        );

    [Fact]
    public void a_verdict_stays_until_the_next_change_and_changes_then() =>
        Check(
            150,
            random =>
            {
                var facts = RuleWorld.Facts(RuleWorld.History(random, random.Next(25), 60).Select(h => h.Event));
                var rule = Rule.Of(RuleWorld.Rule(random), RuleWorld.Business);
                var (said, next) = (Verdict.No, long.MinValue);
                foreach (var at in RuleWorld.Hours(130))
                {
                    var verdict = rule.At(facts, at);
                    if (next != long.MinValue)
                        (verdict != said).ShouldBe(at == next);
                    if (at == next || next == long.MinValue)
                        (said, next) = (verdict, rule.NextChange(facts, at));
                }
            }
        );

    [Fact]
    public void live_is_batch_at_every_instant_for_any_clock() =>
        Check(
            1_000,
            random =>
            {
                var (history, segment) = (RuleWorld.History(random, random.Next(25)), Segment(random));
                var all = RuleWorld.Facts(history.Select(h => h.Event));
                var end = Instant.Of(RuleWorld.Start.AddDays(270));
                var batch = segment.Changes(all, Standing.Never, end).Select(c => (c.At, c.In)).ToList();

                var (facts, live, standing) = (RuleWorld.Facts([]), new List<(long, bool)>(), Standing.Never);
                foreach (var (at, e) in history)
                {
                    // Before a fact the clock may have come by, once or often, or not at all.
                    if (random.Next(2) == 0)
                        Judge(Instant.Of(at) - 1);
                    FactsAdd(facts, e);
                    Judge(Instant.Of(at));
                }
                Judge(end);
                // Two facts of one instant are told one after the other: what the first changed and the second changed back lasted no time.
                for (var i = live.Count - 1; i > 0; i--)
                    if (i < live.Count && live[i].Item1 == live[i - 1].Item1)
                        live.RemoveRange(i - 1, 2);
                live.ShouldBe(batch);

                void Judge(long until)
                {
                    foreach (var change in segment.Changes(facts, standing, until).ToList())
                    {
                        standing = new(change.In, change.At);
                        live.Add((change.At, change.In));
                    }
                }
            }
        );

    [Fact]
    public void in_whatever_order_facts_arrive_the_membership_is_that_of_all_of_them() =>
        Check(
            1_000,
            random =>
            {
                var (history, segment) = (RuleWorld.History(random, random.Next(25)), Segment(random));
                var (end, standing) = (Instant.Of(RuleWorld.Start.AddDays(270)), Standing.Never);
                // What is told of an order or ticket comes after it, as the room of an order tells it.
                var arrivals = history.Select((h, i) => (h.Event, At: i + random.Next(4))).OrderBy(a => a.At).ToList();
                var facts = RuleWorld.Facts([]);
                var seen = long.MinValue;
                foreach (var (e, _) in arrivals)
                {
                    FactsAdd(facts, e);
                    seen = Math.Max(seen, facts.Latest());
                    foreach (var change in segment.Changes(facts, standing, seen).ToList())
                        standing = new(change.In, change.At);
                }
                foreach (var change in segment.Changes(facts, standing, end).ToList())
                    standing = new(change.In, change.At);
                standing.In.ShouldBe(segment.At(facts, segment.EraAt(end), end) == Verdict.Yes);
                // A second look finds nothing.
                segment.Changes(facts, standing, end).ShouldBeEmpty();
            }
        );

    [Fact]
    public void the_facts_that_are_cited_suffice_for_the_verdict() =>
        Check(
            10_000,
            random =>
            {
                var facts = RuleWorld.Facts(RuleWorld.History(random, random.Next(25)).Select(h => h.Event));
                var rule = Rule.Of(RuleWorld.Rule(random), RuleWorld.Business);
                var at = Instant.Of(RuleWorld.Start.AddHours(random.Next(210 * 24)));
                var proof = rule.Prove(facts, at);
                proof.Verdict.ShouldBe(rule.At(facts, at));
                var cited = proof.Leaves().SelectMany(l => l.Evidence).ToHashSet();
                rule.At(facts.Only(cited), at).ShouldBe(proof.Verdict);
                // A lasting proof: nothing changes before it ends.
                rule.NextChange(facts, at).ShouldBeGreaterThanOrEqualTo(proof.ValidUntil);
            }
        );

    [Fact]
    public void a_segment_that_a_fact_does_not_wake_is_due_when_it_was_due_before() =>
        Check(
            2_000,
            random =>
            {
                var (history, facts) = (RuleWorld.History(random, random.Next(25)), RuleWorld.Facts([]));
                var segment = Segment(random);
                long Due() => segment.Changes(facts, Standing.Never, Instant.Never - 1, 1).Select(c => c.At).FirstOrDefault(Instant.Never);
                var due = Due();
                foreach (var (_, e) in history)
                {
                    var before = facts.Facts.Count;
                    FactsAdd(facts, e);
                    var happened = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(facts.Facts)[before..];
                    var told = SegmentFacts.WhatIsTold(e);
                    if (told == Told.Anything || segment.Wakes(happened, told == Told.Order))
                        due = Due();
                    else
                        Due().ShouldBe(due);
                }
            }
        );

    [Fact]
    public void facts_are_the_same_after_they_were_stored() =>
        Check(
            500,
            random =>
            {
                var facts = RuleWorld.Facts(RuleWorld.History(random, random.Next(40)).Select(h => h.Event));
                var read = new CustomerFacts { CustomerId = facts.CustomerId };
                FactBytes.Read(FactBytes.Write(facts), read);
                read.Facts.ShouldBe(facts.Facts.Select(f => f with { Source = 0 }));
                read.Orders.ShouldBe(facts.Orders.Select(o => o with { Source = 0 }));
                read.Lines.ShouldBe(facts.Lines);
                read.Returns.ShouldBe(facts.Returns.Select(r => r with { Source = 0 }));
                read.Since.ShouldBe(facts.Since);
            }
        );

    static LiveSegment Segment(Random random) =>
        new("some", [new Era(Instant.Of(RuleWorld.Start), 1, Rule.Of(RuleWorld.Rule(random), RuleWorld.Business))], long.MinValue, null);

    static void FactsAdd(CustomerFacts facts, object e) => RuleWorld.Add(facts, e);
}
