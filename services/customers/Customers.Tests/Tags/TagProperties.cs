using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Tags;
using CrmPlatform.EventSourcing;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Customers.Tests.Tags.GivenTags;

namespace CrmPlatform.Customers.Tests.Tags;

/// <summary>The tags of a customer as of any instant are what a plain model of sets had then (A5.4).</summary>
public sealed class TagProperties
{
    sealed record Step(int Kind, int Tag, TagOrigin Origin, int Hours);

    /// <summary>What the model holds: until when each origin of each tag lasts, and what a person took away.</summary>
    sealed record Model(Dictionary<(string Tag, TagOrigin Origin), DateTimeOffset> Until, HashSet<string> Taken)
    {
        public Model Copy() => new(new(Until), [.. Taken]);

        public string[] At(DateTimeOffset at) =>
            [
                .. Until
                    .Where(u => at < u.Value)
                    .OrderBy(u => Array.IndexOf(strongest, u.Key.Origin))
                    .GroupBy(u => u.Key.Tag, u => u.Key.Origin.ToString().ToLowerInvariant())
                    .Select(g => $"{g.Key}: {string.Join(' ', g)}")
                    .Order(StringComparer.Ordinal),
            ];
    }

    static readonly TagOrigin[] strongest = [TagOrigin.Manual, TagOrigin.Import, TagOrigin.Rule, TagOrigin.Inferred];

    // Two plain words, one that stays for two days, three of a group, the last of which stays for a day.
    static readonly TagWord[] words =
    [
        Word("a"),
        Word("b"),
        Word("c", new(ExpiresDays: 2)),
        OfGroup("s", "size"),
        OfGroup("m", "size"),
        Word("l", new(Group: "size", ExpiresDays: 1)),
    ];

    static readonly Arbitrary<Step[]> histories = (
        from kind in Gen.Choose(0, 9)
        from tag in Gen.Choose(0, words.Length - 1)
        from origin in Gen.Elements(strongest)
        from hours in Gen.Choose(0, 20)
        select new Step(kind, tag, origin, hours)
    )
        .ArrayOf()
        .ToArbitrary();

    [Fact]
    public void tags_as_of_any_instant_equal_a_replay() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var (customer, facts, now) = (HeldTags.None, new List<ICustomerEvent>(), Start);
                    var model = new Model([], []);
                    var then = new List<(DateTimeOffset At, Model Model)> { (Start, model.Copy()) };
                    foreach (var step in steps)
                    {
                        now = now.AddHours(step.Hours).AddSeconds(1);
                        var word = words[step.Tag];
                        ICustomerEvent[] decided;
                        try
                        {
                            decided = step.Kind switch
                            {
                                < 5 => TagRules.Give(customer, word, step.Origin, now, "tag"),
                                < 8 => TagRules.Take(customer, word, word.Code, step.Origin, now),
                                8 => customer.Of(word.Code).Suppressed ? [new TagAllowed(word.Code, now)] : [],
                                _ => [.. customer.Lapsed(now)],
                            };
                        }
                        catch (NotFoundException)
                        {
                            decided = [];
                        }
                        customer = customer.After(decided);
                        facts.AddRange(decided);
                        Apply(model, step, word, now);
                        then.Add((now, model.Copy()));
                        customer.Shown(now).ShouldBe(model.At(now));
                    }
                    foreach (var at in then.SelectMany(t => new[] { t.At, t.At.AddHours(5), t.At.AddHours(23) }))
                        GetCustomerTags.Fold(facts, at).Shown(at).ShouldBe(then.Last(t => t.At <= at).Model.At(at));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    static void Apply(Model model, Step step, TagWord word, DateTimeOffset now)
    {
        bool Present(string tag, TagOrigin origin) => model.Until.TryGetValue((tag, origin), out var until) && now < until;
        var byItself = step.Origin is TagOrigin.Rule or TagOrigin.Inferred;
        switch (step.Kind)
        {
            case < 5:
                var rivals = words.Where(w => w != word && w.Tag.Definition.Group is { } g && g == word.Tag.Definition.Group).ToList();
                var stronger = strongest.TakeWhile(o => o != step.Origin);
                if (
                    Present(word.Code, step.Origin)
                    || (byItself && model.Taken.Contains(word.Code))
                    || rivals.Any(r => stronger.Any(o => Present(r.Code, o)))
                )
                    return;
                foreach (var key in model.Until.Keys.Where(k => rivals.Any(r => r.Code == k.Tag)).ToList())
                    model.Until.Remove(key);
                model.Until[(word.Code, step.Origin)] = word.Tag.Definition.ExpiresDays is { } days
                    ? now.AddDays(days)
                    : DateTimeOffset.MaxValue;
                if (step.Origin == TagOrigin.Manual)
                    model.Taken.Remove(word.Code);
                break;
            case < 8 when step.Origin == TagOrigin.Manual:
                if (!strongest.Any(o => Present(word.Code, o)))
                    return;
                model.Taken.Add(word.Code);
                foreach (var origin in strongest)
                    model.Until.Remove((word.Code, origin));
                break;
            case < 8:
                model.Until.Remove((word.Code, step.Origin));
                break;
            case 8:
                model.Taken.Remove(word.Code);
                break;
        }
    }
}
