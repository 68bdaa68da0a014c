namespace CrmPlatform.Customers.Companies;

/// <summary>What a tree of companies may look like at any instant.</summary>
public static class TreeRules
{
    /// <summary>How many companies are above one another at most, the first and the last included.</summary>
    public const int Deepest = 10;

    /// <summary>How many companies a tree has at most, counted over the time that a change is about.</summary>
    public const int Most = 5_000;

    static readonly DateTimeOffset ever = DateTimeOffset.MaxValue;

    /// <exception cref="RuleViolationException"><c>cycle</c>, <c>overlap</c>, <c>too-deep</c> or <c>tree-too-large</c>.</exception>
    public static ICompanyTreeEvent[] Set(
        CompanyTree tree,
        Guid company,
        Guid parent,
        CompanyLink kind,
        DateTimeOffset from,
        DateTimeOffset now
    )
    {
        if (tree.Of(company) is [.., var last] && last == new ParentSpan(parent, kind, from, null))
            return [];
        if (tree.Of(company).FirstOrDefault(s => s.From >= from) is { } later)
            throw new RuleViolationException(
                "overlap",
                $"From {later.From:O} on something else is set already; clear it from there on first.",
                "from"
            );
        if (Reaches(tree, parent, company, from, ever))
            throw new RuleViolationException("cycle", "The parent belongs to this company itself, at that time or later.", "parentId");
        var set = new CompanyParentSet(company, parent, kind, from, now);
        var next = tree.Evolve(set);
        foreach (var above in Chains(next, parent, from, ever))
        {
            if (above.Levels + Height(next, company, above.From, above.Until) > Deepest)
                throw new RuleViolationException("too-deep", $"At most {Deepest} companies are above one another.", "parentId");
            if (Below(next, above.Root, above.From, above.Until).Count > Most)
                throw new RuleViolationException("tree-too-large", $"A tree has at most {Most} companies.", "parentId");
        }
        return [set];
    }

    /// <exception cref="NotFoundException">The company belongs to none then or later.</exception>
    public static ICompanyTreeEvent[] Clear(CompanyTree tree, Guid company, DateTimeOffset until, DateTimeOffset now) =>
        tree.Of(company).Any(s => s.Within(until, ever) is not null)
            ? [new CompanyParentCleared(company, until, now)]
            : throw new NotFoundException("parent of company", company);

    /// <summary>Whether a company is above another at some instant of a time, or is the other.</summary>
    static bool Reaches(CompanyTree tree, Guid lower, Guid upper, DateTimeOffset from, DateTimeOffset until) =>
        lower == upper
        || tree.Of(lower).Any(s => s.Within(from, until) is (var begin, var end) && Reaches(tree, s.ParentId, upper, begin, end));

    /// <summary>What is above a company: for each part of the time how many levels there are, with its own, and who is on top.</summary>
    static IEnumerable<(int Levels, Guid Root, DateTimeOffset From, DateTimeOffset Until)> Chains(
        CompanyTree tree,
        Guid company,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        foreach (var span in tree.Of(company))
            if (span.Within(from, until) is (var begin, var end))
            {
                if (from < begin)
                    yield return (1, company, from, begin);
                foreach (var above in Chains(tree, span.ParentId, begin, end))
                    yield return above with
                    {
                        Levels = above.Levels + 1,
                    };
                from = end;
            }
        if (from < until)
            yield return (1, company, from, until);
    }

    /// <summary>How many levels there are below a company at most in a time, with its own.</summary>
    static int Height(CompanyTree tree, Guid company, DateTimeOffset from, DateTimeOffset until) =>
        1 + Links(tree, company, from, until).Select(l => Height(tree, l.Company, l.From, l.Until)).DefaultIfEmpty(0).Max();

    /// <summary>All companies that are in a company's tree at some instant of a time.</summary>
    static HashSet<Guid> Below(CompanyTree tree, Guid company, DateTimeOffset from, DateTimeOffset until)
    {
        var found = new HashSet<Guid>();
        Add(company, from, until);
        return found;

        void Add(Guid one, DateTimeOffset begin, DateTimeOffset end)
        {
            found.Add(one);
            foreach (var link in Links(tree, one, begin, end))
                Add(link.Company, link.From, link.Until);
        }
    }

    static IEnumerable<(Guid Company, DateTimeOffset From, DateTimeOffset Until)> Links(
        CompanyTree tree,
        Guid parent,
        DateTimeOffset from,
        DateTimeOffset until
    ) =>
        tree
            .Children.GetValueOrDefault(parent, [])
            .SelectMany(child => tree.Of(child), (child, span) => (Company: child, span.ParentId, Part: span.Within(from, until)))
            .Where(link => link.ParentId == parent && link.Part is not null)
            .Select(link => (link.Company, link.Part!.Value.From, link.Part!.Value.Until));
}
