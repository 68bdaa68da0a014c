using CrmPlatform.Customers.Companies;
using CrmPlatform.EventSourcing;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Customers.Tests.Companies;

/// <summary>What a tree of companies may look like at any instant, and what it adds up to.</summary>
public sealed class TreeRulesTests
{
    const int Companies = 7,
        Days = 12;

    static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    static DateTimeOffset Day(int day) => start.AddDays(day);

    static CompanyTree After(CompanyTree tree, IEnumerable<ICompanyTreeEvent> facts) => facts.Aggregate(tree, (t, f) => t.Evolve(f));

    static CompanyTree Set(CompanyTree tree, int company, int parent, int day, CompanyLink kind = CompanyLink.Owns) =>
        After(tree, TreeRules.Set(tree, Id(company), Id(parent), kind, Day(day), start));

    static string Refused(Action decide) => Should.Throw<RuleViolationException>(decide).Code;

    static Guid? ParentAt(CompanyTree tree, Guid company, DateTimeOffset at) =>
        tree.Of(company).SingleOrDefault(s => s.From <= at && !(s.Until <= at))?.ParentId;

    [Fact]
    public void a_cycle_is_refused_at_whichever_instant_it_would_be()
    {
        Refused(() => Set(CompanyTree.Initial, 1, 1, 0)).ShouldBe("cycle");
        // 1 belongs to 2 until day 5.
        var tree = Set(CompanyTree.Initial, 1, 2, 0);
        tree = After(tree, TreeRules.Clear(tree, Id(1), Day(5), start));
        Refused(() => Set(tree, 2, 1, 4)).ShouldBe("cycle");
        Set(tree, 2, 1, 5);
        // 3 will belong to 1 from day 8 on, so 1 must not belong to 3 for ever from day 6 on.
        var planned = Set(tree, 3, 1, 8);
        Refused(() => Set(planned, 1, 3, 6)).ShouldBe("cycle");
    }

    [Fact]
    public void a_move_ends_the_span_before_and_overwrites_none_that_is_planned()
    {
        var tree = Set(CompanyTree.Initial, 1, 2, 3);
        TreeRules.Set(tree, Id(1), Id(2), CompanyLink.Owns, Day(3), start).ShouldBeEmpty();
        Refused(() => Set(tree, 1, 3, 3)).ShouldBe("overlap");
        Refused(() => Set(tree, 1, 3, 1)).ShouldBe("overlap");
        var moved = Set(tree, 1, 3, 6, CompanyLink.Branch);
        moved.Of(Id(1)).ShouldBe([new(Id(2), CompanyLink.Owns, Day(3), Day(6)), new(Id(3), CompanyLink.Branch, Day(6), null)]);
        var cleared = After(moved, TreeRules.Clear(moved, Id(1), Day(4), start));
        cleared.Of(Id(1)).ShouldBe([new(Id(2), CompanyLink.Owns, Day(3), Day(4))]);
        Should.Throw<NotFoundException>(() => TreeRules.Clear(cleared, Id(1), Day(4), start));
    }

    [Fact]
    public void ten_companies_are_above_one_another_at_most_at_any_one_instant()
    {
        var tree = Enumerable.Range(1, 9).Aggregate(CompanyTree.Initial, (t, i) => Set(t, i, i + 1, 0));
        Refused(() => Set(tree, 10, 11, 5)).ShouldBe("too-deep");
        Refused(() => Set(tree, 20, 1, 5)).ShouldBe("too-deep");
        // From day 7 on the chain is cut in its middle.
        var cut = After(tree, TreeRules.Clear(tree, Id(5), Day(7), start));
        Refused(() => Set(cut, 10, 11, 6)).ShouldBe("too-deep");
        Set(cut, 10, 11, 7);
        Set(cut, 20, 1, 7);
    }

    [Fact]
    public void a_tree_of_more_than_5000_companies_is_refused()
    {
        var tree = Enumerable
            .Range(2, TreeRules.Most - 1)
            .Aggregate(CompanyTree.Initial, (t, i) => t.Evolve(new CompanyParentSet(Id(i), Id(1), CompanyLink.Branch, Day(0), start)));
        Refused(() => Set(tree, 9_999, 1, 1)).ShouldBe("tree-too-large");
        Refused(() => Set(tree, 1, 9_999, 1)).ShouldBe("tree-too-large");
        var closed = After(tree, TreeRules.Clear(tree, Id(2), Day(1), start));
        Set(closed, 9_999, 1, 1);
    }

    [Fact]
    public void no_history_makes_a_cycle_and_every_tree_adds_up_to_what_its_companies_have() =>
        Prop.ForAll(
                (
                    from company in Gen.Choose(0, Companies - 1)
                    from parent in Gen.Choose(-2, Companies - 1)
                    from day in Gen.Choose(0, Days)
                    select (company, parent, day)
                )
                    .ArrayOf()
                    .ToArbitrary(),
                steps =>
                {
                    // The model: the parent of each company on each day, and from when on something is set.
                    var (tree, model, set) = (CompanyTree.Initial, new int?[Companies, Days + 2], new SortedSet<int>[Companies]);
                    for (var i = 0; i < Companies; i++)
                        set[i] = [];
                    foreach (var (company, parent, day) in steps)
                        if (parent < 0)
                        {
                            if (Enumerable.Range(day, Days + 2 - day).All(d => model[company, d] is null))
                                Should.Throw<NotFoundException>(() => TreeRules.Clear(tree, Id(company), Day(day), start));
                            else
                                tree = After(tree, TreeRules.Clear(tree, Id(company), Day(day), start));
                            set[company].RemoveWhere(from => from >= day);
                            for (var d = day; d < Days + 2; d++)
                                model[company, d] = null;
                        }
                        else if (set[company].Any(from => from >= day))
                        {
                            if (set[company].Max != day || model[company, Days + 1] != parent)
                                Refused(() => Set(tree, company, parent, day)).ShouldBe("overlap");
                        }
                        else if (Enumerable.Range(day, Days + 2 - day).Any(d => Above(model, parent, d).Contains(company)))
                            Refused(() => Set(tree, company, parent, day)).ShouldBe("cycle");
                        else
                        {
                            tree = Set(tree, company, parent, day);
                            set[company].Add(day);
                            for (var d = day; d < Days + 2; d++)
                                model[company, d] = parent;
                        }
                    for (var d = 0; d < Days + 2; d++)
                        AddsUp(tree, model, d);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    static void AddsUp(CompanyTree tree, int?[,] model, int day)
    {
        var own = Enumerable.Range(0, Companies).ToDictionary(Id, i => 1m + i * i);
        var parents = Enumerable.Range(0, Companies).ToDictionary(Id, i => ParentAt(tree, Id(i), Day(day)));
        for (var i = 0; i < Companies; i++)
            parents[Id(i)].ShouldBe(model[i, day] is { } above ? Id(above) : null);
        List<(Guid, Guid?)> Under(Guid top, Guid? parent = null) =>
            [(top, parent), .. parents.Where(p => p.Value == top).SelectMany(p => Under(p.Key, top))];
        var roots = parents.Where(p => p.Value is null).ToDictionary(p => p.Key, p => RollUp.Of(Under(p.Key), own));
        roots.Sum(r => r.Value[r.Key]).ShouldBe(own.Values.Sum());
        for (var i = 0; i < Companies; i++)
            roots
                .Values.Single(r => r.ContainsKey(Id(i)))[Id(i)]
                .ShouldBe(Enumerable.Range(0, Companies).Where(c => Above(model, c, day).Contains(i)).Sum(c => own[Id(c)]));
    }

    /// <summary>The company and those above it on a day.</summary>
    static List<int> Above(int?[,] model, int company, int day) =>
        model[company, day] is { } parent ? [company, .. Above(model, parent, day)] : [company];
}
