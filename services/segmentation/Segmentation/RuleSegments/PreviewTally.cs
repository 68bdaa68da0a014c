using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>What one part of the customers comes to.</summary>
sealed class PreviewTally(LiveSegment draft, IReadOnlyList<LiveSegment> others, long now)
{
    public const int MostExamples = 20;
    static readonly ulong abc = FactCode.Of("abc");

    public int Customers { get; private set; }
    public int Entering { get; private set; }
    public int Leaving { get; private set; }
    public int Staying { get; private set; }
    public int Unknown { get; private set; }
    public Dictionary<ulong, int> ByStage { get; } = [];
    public Dictionary<ulong, int> ByGrade { get; } = [];
    public int[] Common { get; } = new int[others.Count];
    public int[] Of { get; } = new int[others.Count];
    public List<Guid> Enter { get; } = [];
    public List<Guid> Leave { get; } = [];

    public void Ask(CustomerFacts facts)
    {
        Customers++;
        var verdict = draft.At(facts, draft.Eras[0], now);
        var (before, after) = (Standing.Of(facts, draft.Key).In, verdict == Verdict.Yes);
        if (verdict == Verdict.Unknown)
            Unknown++;
        if (before && after)
            Staying++;
        else if (after)
        {
            Entering++;
            Example(Enter, facts.CustomerId);
        }
        else if (before)
        {
            Leaving++;
            Example(Leave, facts.CustomerId);
        }
        for (var i = 0; i < others.Count; i++)
            if (Standing.Of(facts, others[i].Key).In)
            {
                Of[i]++;
                Common[i] += after ? 1 : 0;
            }
        if (after)
            foreach (var fact in facts.Facts)
                if (
                    (fact.Kind == FactKind.Stage || (fact.Kind == FactKind.Grade && fact.Key == abc))
                    && fact.From <= now
                    && now < fact.Until
                )
                    Count(fact.Kind == FactKind.Stage ? ByStage : ByGrade, fact.A, 1);
    }

    public PreviewTally Add(PreviewTally other)
    {
        Customers += other.Customers;
        Entering += other.Entering;
        Leaving += other.Leaving;
        Staying += other.Staying;
        Unknown += other.Unknown;
        foreach (var (word, n) in other.ByStage)
            Count(ByStage, word, n);
        foreach (var (word, n) in other.ByGrade)
            Count(ByGrade, word, n);
        for (var i = 0; i < Common.Length; i++)
            (Common[i], Of[i]) = (Common[i] + other.Common[i], Of[i] + other.Of[i]);
        Enter.AddRange(other.Enter);
        Leave.AddRange(other.Leave);
        return this;
    }

    static void Example(List<Guid> some, Guid customer)
    {
        if (some.Count < MostExamples)
            some.Add(customer);
    }

    static void Count(Dictionary<ulong, int> counts, ulong word, int n) => counts[word] = counts.GetValueOrDefault(word) + n;
}
