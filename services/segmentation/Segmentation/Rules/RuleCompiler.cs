namespace CrmPlatform.Segmentation.Rules;

/// <summary>Checks conditions and makes nodes of them.</summary>
sealed class RuleCompiler(Business business)
{
    const int Deepest = 8;
    const int MostConditions = 50;
    const int LongestWord = 200;

    int conditions;

    readonly List<AskedGrades> grades = [];

    public HashSet<string> Segments { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<AskedGrades> Grades => grades;

    public Node Node(Condition? c, string field, int depth)
    {
        if (c is null)
            throw Wrong("a condition", field);
        if (depth > Deepest)
            throw TooLarge($"Conditions may be nested {Deepest} deep.", field);
        object?[] given =
        [
            c.All,
            c.Any,
            c.AtLeast,
            c.Not,
            c.Profile,
            c.Consent,
            c.Purchases,
            c.Did,
            c.OpenTickets,
            c.Sequence,
            c.Silence,
            c.Score,
            c.Segment,
            c.Bucket,
        ];
        if (given.Count(g => g is not null) != 1)
            throw Wrong("exactly one member in each condition", field);
        return c switch
        {
            { All: { } all } => Some("all", all, all.Count, $"{field}.all", depth),
            { Any: { } any } => Some("any", any, 1, $"{field}.any", depth),
            { AtLeast: { } some } => some.Of is not null && some.Count <= some.Of.Count
                ? Some("at-least", some.Of, some.Count, $"{field}.atLeast.of", depth)
                : throw Wrong("at most as many as there are conditions", $"{field}.atLeast.count"),
            { Not: { } not } => new NotNode(Node(not, $"{field}.not", depth + 1)),
            _ => Leaf(c, field),
        };
    }

    SomeNode Some(string op, IReadOnlyList<Condition> of, int count, string field, int depth)
    {
        if (of.Count == 0)
            throw Wrong("at least one condition", field);
        if (of.Count > MostConditions)
            throw TooLarge($"A rule may have {MostConditions} conditions.", field);
        return new(op, count, [.. of.Select((c, i) => Node(c, $"{field}[{i}]", depth + 1))]);
    }

    Node Leaf(Condition c, string field)
    {
        if (++conditions > MostConditions)
            throw TooLarge($"A rule may have {MostConditions} conditions.", field);
        return c switch
        {
            { Profile: { } profile } => Profile(c, profile, $"{field}.profile"),
            { Consent: { } consent } => new ConsentNode(c, consent),
            { Purchases: { } purchases } => Purchases(c, purchases, $"{field}.purchases"),
            { Did: { } did } => Done(c, did, $"{field}.did"),
            { OpenTickets: { } tickets } => Ranged(tickets.AtLeast, tickets.AtMost, $"{field}.openTickets", new TicketsNode(c, tickets)),
            { Sequence: { } sequence } => Sequence(c, sequence, $"{field}.sequence"),
            { Silence: { } silence } => silence.AtLeastDays is null != silence.UnderDays is null
                ? new SilenceNode(c, silence)
                : throw Wrong("either atLeastDays or underDays", $"{field}.silence"),
            { Score: { } score } => Score(c, score, $"{field}.score"),
            { Segment: { } segment } => Member(c, segment),
            _ => c.Bucket!.From < c.Bucket.To ? new BucketNode(c.Bucket) : throw Wrong("a range of buckets", $"{field}.bucket"),
        };
    }

    static Node Profile(Condition c, ProfileIs asked, string field) =>
        asked.Field == "householdSize" && asked.In is null
            ? Ranged(
                asked.AtLeast,
                asked.AtMost,
                field,
                new NumberNode(c, "profile", FactKind.Profile, FactCode.Of(asked.Field), asked.AtLeast, asked.AtMost, asked.Missing == "no")
            )
        : asked.Field != "householdSize" && asked is { AtLeast: null, AtMost: null }
            ? new WordNode(c, "profile", FactKind.Profile, FactCode.Of(asked.Field), Words(asked.In, field), asked.Missing == "no")
        : throw Wrong("a range of householdSize, or words of another field", field);

    /// <param name="known">The words that there are; null where every shop has its own.</param>
    static IReadOnlyList<string> Words(IReadOnlyList<string>? words, string field, IEnumerable<string>? known = null)
    {
        if (words is not { Count: > 0 } || words.Any(w => w is null || w.Trim().Length is 0 or > LongestWord))
            throw Wrong($"one word or more, each of 1 to {LongestWord} characters", $"{field}.in");
        if (known is not null && words.FirstOrDefault(w => !known.Contains(w)) is { } other)
            throw Wrong($"one of {string.Join(", ", known)}, not '{other}'", $"{field}.in");
        return words;
    }

    OrdersNode Purchases(Condition c, PurchasesMade asked, string field)
    {
        Check(asked.Within, $"{field}.within");
        if (asked.Measure is not ("net" or "average") && (asked.AtLeast < 0 || asked.AtMost < 0))
            throw Wrong("no number below 0", field);
        return Ranged(asked.AtLeast, asked.AtMost, field, new OrdersNode(c, asked, business));
    }

    DoneNode Done(Condition c, ThingsDone asked, string field)
    {
        Check(asked.Within, $"{field}.within");
        ThingCheck.Of(asked.Of, $"{field}.of");
        return Ranged(asked.AtLeast, asked.AtMost, field, new DoneNode(c, asked, business));
    }

    SequenceNode Sequence(Condition c, OneAfterAnother asked, string field)
    {
        Check(asked.Within, $"{field}.within");
        ThingCheck.Of(asked.First, $"{field}.first");
        ThingCheck.Of(asked.Then, $"{field}.then");
        if (asked.Without is not null)
            ThingCheck.Of(asked.Without, $"{field}.without");
        return new(c, asked, business);
    }

    Node Score(Condition c, ScoreIs asked, string field)
    {
        if (asked.Scheme is not null != (asked.Of == "grade"))
            throw Wrong("the scheme of a grade, and of nothing else", $"{field}.scheme");
        if (asked.IsNumber)
            return Ranged(asked.AtLeast, asked.AtMost, field, ScoreNodes.Number(c, asked));
        if (asked is not { AtLeast: null, AtMost: null })
            throw Wrong("words and no range", field);
        var words = Words(asked.In, field, ScoreNodes.Known(asked.Of));
        if (asked.Of == "churn" && asked.Missing is not null)
            throw Wrong("no missing: whoever has no open episode has not left", $"{field}.missing");
        if (asked.Scheme is { } scheme)
            grades.Add(new(scheme, words, field));
        return ScoreNodes.Word(c, asked, words);
    }

    WordNode Member(Condition c, string segment)
    {
        Segments.Add(segment);
        return new(c, "segment", FactKind.Member, FactCode.Of(segment), ["in"], missingIsNo: true);
    }

    static TNode Ranged<TNode>(decimal? atLeast, decimal? atMost, string field, TNode node) =>
        (atLeast is null && atMost is null) || atLeast > atMost ? throw Wrong("atLeast, atMost, or both in this order", field) : node;

    static void Check(Within? within, string field)
    {
        if (within is { IsWhole: false })
            throw Wrong("exactly one of days, businessDays, this, or from with a later until", field);
    }

    internal static RuleViolationException Wrong(string expected, string field) =>
        new RuleViolationException("rule-invalid", $"The rule cannot be understood here; expected {expected}.", field);

    static RuleViolationException TooLarge(string limit, string field) => new RuleViolationException("rule-too-large", limit, field);
}
