namespace CrmPlatform.Segmentation.Rules;

/// <summary>A condition that was checked, ready to be asked about customers.</summary>
public sealed class Rule
{
    readonly Node root;

    Rule(Condition condition, Node root, RuleCompiler asked) =>
        (Condition, this.root, Segments, Grades, Kinds) = (condition, root, asked.Segments, asked.Grades, root.Kinds);

    public Condition Condition { get; }

    /// <summary>Codes of the rule segments that it asks about.</summary>
    public IReadOnlySet<string> Segments { get; }

    /// <summary>Grades of schemes that it asks about.</summary>
    public IReadOnlyList<AskedGrades> Grades { get; }

    /// <summary>Kinds of facts that it may depend on, as bits; bit 0 stands for orders.</summary>
    public ulong Kinds { get; }

    /// <summary>Whether a verdict may be another one since this happened.</summary>
    public bool Wakes(RuleFact fact) => root.Wakes(fact);

    public Verdict At(CustomerFacts facts, long at) => root.At(facts, at);

    /// <summary>The next instant after <paramref name="at"/> at which the verdict is another one, if nothing new is told.</summary>
    public long NextChange(CustomerFacts facts, long at)
    {
        var now = root.At(facts, at);
        for (var next = root.NextChange(facts, at); next != Instant.Never; next = root.NextChange(facts, next))
            if (root.At(facts, next) != now)
                return next;
        return Instant.Never;
    }

    internal Proof Prove(CustomerFacts facts, long at) => root.Prove(facts, at);

    /// <exception cref="RuleViolationException">
    /// <c>rule-invalid</c> where a condition asks for nothing or for what there is not, <c>rule-too-large</c>; the field is the place.
    /// </exception>
    public static Rule Of(Condition condition, Business business, string field = "rule")
    {
        var compiler = new RuleCompiler(business);
        var root = compiler.Node(condition, field, 1);
        return new(condition, root, compiler);
    }
}
