namespace CrmPlatform.Segmentation.Rules;

/// <summary>A condition of a compiled rule. It holds no state: many threads may ask it.</summary>
abstract class Node
{
    /// <summary>Whether it holds at an instant, by what had happened until then.</summary>
    public abstract Verdict At(CustomerFacts facts, long at);

    /// <summary>
    /// The next instant after <paramref name="at"/> at which the verdict may be another one, by what is known now: a fact that was told and
    /// comes later, or one that leaves its window. <see cref="Instant.Never"/> where none is.
    /// </summary>
    public abstract long NextChange(CustomerFacts facts, long at);

    public abstract Proof Prove(CustomerFacts facts, long at);

    /// <summary>Kinds of facts that the verdict may depend on, as bits; bit 0 stands for orders.</summary>
    public abstract ulong Kinds { get; }

    /// <summary>Whether the verdict may be another one, at any instant, since this happened.</summary>
    public virtual bool Wakes(RuleFact fact) => (Kinds & (1UL << (int)fact.Kind)) != 0;
}

/// <summary>Of several conditions at least so many hold; all and any are its ends.</summary>
sealed class SomeNode(string op, int count, Node[] of) : Node
{
    public override ulong Kinds { get; } = of.Aggregate(0UL, (kinds, n) => kinds | n.Kinds);

    public override bool Wakes(RuleFact fact) => Array.Exists(of, n => n.Wakes(fact));

    // The count-th greatest of the verdicts: of all of them the least, of any the greatest.
    public override Verdict At(CustomerFacts facts, long at)
    {
        var (yes, possible, left) = (0, 0, of.Length);
        foreach (var node in of)
        {
            left--;
            var verdict = node.At(facts, at);
            if (verdict == Verdict.Yes)
                yes++;
            if (verdict != Verdict.No)
                possible++;
            if (yes >= count)
                return Verdict.Yes;
            if (possible + left < count)
                return Verdict.No;
        }
        return Verdict.Unknown;
    }

    public override long NextChange(CustomerFacts facts, long at)
    {
        var next = Instant.Never;
        foreach (var node in of)
            next = Math.Min(next, node.NextChange(facts, at));
        return next;
    }

    /// <summary>
    /// The smallest set that decides: so many as are needed that hold, or so many that do not hold that too few are left; of these the ones
    /// that stay as they are for longest.
    /// </summary>
    public override Proof Prove(CustomerFacts facts, long at)
    {
        var verdict = At(facts, at);
        var parts = of.Select(n => n.Prove(facts, at)).OrderByDescending(p => p.ValidUntil).ToList();
        var needed = verdict switch
        {
            Verdict.Yes => parts.Where(p => p.Verdict == Verdict.Yes).Take(count),
            Verdict.No => parts.Where(p => p.Verdict == Verdict.No).Take(of.Length - count + 1),
            // Those that are unknown are the reason, and the others that they alone are it.
            _ => parts.OrderBy(p => p.Verdict != Verdict.Unknown).Take(of.Length),
        };
        List<Proof> cited = [.. needed];
        return new(op, verdict)
        {
            Of = cited,
            Threshold = count,
            ValidUntil = cited.Count == 0 ? Instant.Never : cited.Min(p => p.ValidUntil),
        };
    }
}

sealed class NotNode(Node of) : Node
{
    public override ulong Kinds => of.Kinds;

    public override bool Wakes(RuleFact fact) => of.Wakes(fact);

    public override Verdict At(CustomerFacts facts, long at) => Opposite(of.At(facts, at));

    public override long NextChange(CustomerFacts facts, long at) => of.NextChange(facts, at);

    public override Proof Prove(CustomerFacts facts, long at)
    {
        var proof = of.Prove(facts, at);
        return new("not", Opposite(proof.Verdict)) { Of = [proof], ValidUntil = proof.ValidUntil };
    }

    static Verdict Opposite(Verdict verdict) => Verdict.Yes - (int)verdict;
}

/// <summary>A share of all customers by chance: it depends on no fact.</summary>
sealed class BucketNode(BucketOf bucket) : Node
{
    public override ulong Kinds => 0;

    public override Verdict At(CustomerFacts facts, long at) =>
        Buckets.Of(bucket.Salt, facts.CustomerId) is var n && n >= bucket.From && n < bucket.To ? Verdict.Yes : Verdict.No;

    public override long NextChange(CustomerFacts facts, long at) => Instant.Never;

    public override Proof Prove(CustomerFacts facts, long at) =>
        new("bucket", At(facts, at)) { About = new(Bucket: bucket), Measured = Buckets.Of(bucket.Salt, facts.CustomerId) };
}
