using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>From an instant on a version of a segment decides.</summary>
/// <param name="Rule">Null: only those are members who were pinned.</param>
/// <param name="Guard">What must hold of every member, pinned ones too; null: nothing.</param>
/// <param name="Ended">Nobody is a member from here on: the segment was withdrawn.</param>
public sealed record Era(long From, int Version, Rule? Rule, Rule? Guard = null, bool Ended = false);

/// <summary>A published segment, ready to be asked about customers.</summary>
/// <param name="Eras">In their order; at least one.</param>
/// <param name="Floor">Nothing before this instant is decided any more: the segment was paused until then.</param>
public sealed record LiveSegment(string Code, IReadOnlyList<Era> Eras, long Floor, Holdout? Holdout)
{
    public ulong Key { get; } = FactCode.Of(Code);

    /// <summary>From here on nobody enters or leaves, but for who is no longer allowed to be a member.</summary>
    public long PausedAt { get; init; } = Instant.Never;

    /// <summary>Kinds of facts that decide about a membership, as bits.</summary>
    public ulong Kinds { get; } =
        Eras.Aggregate(
            (1UL << (int)FactKind.PinnedIn) | (1UL << (int)FactKind.PinnedOut) | (1UL << (int)FactKind.Member),
            (kinds, era) => kinds | (era.Rule?.Kinds ?? 0) | (era.Guard?.Kinds ?? 0)
        );

    /// <summary>Whether a membership may be another one since these things happened, or since orders were told of.</summary>
    public bool Wakes(ReadOnlySpan<RuleFact> happened, bool orders)
    {
        foreach (var era in Eras)
        {
            if (orders && (era.Rule?.Kinds & 1) == 1)
                return true;
            foreach (var fact in happened)
                if ((era.Rule?.Wakes(fact) ?? false) || (era.Guard?.Wakes(fact) ?? false))
                    return true;
        }
        return false;
    }

    /// <summary>Whether a customer is a member, as of an instant: pinned, or by the rule.</summary>
    public Verdict At(CustomerFacts facts, Era era, long at)
    {
        if (era.Ended || Pinned(facts, FactKind.PinnedOut, at))
            return Verdict.No;
        var guard = era.Guard?.At(facts, at) ?? Verdict.Yes;
        if (guard == Verdict.No || Pinned(facts, FactKind.PinnedIn, at))
            return guard;
        var rule = era.Rule?.At(facts, at) ?? Verdict.No;
        return rule < guard ? rule : guard;
    }

    /// <summary>The changes of a membership that have not been recorded, from the last that was until an instant.</summary>
    /// <param name="most">So many at most, the first ones.</param>
    public IEnumerable<Change> Changes(CustomerFacts facts, Standing standing, long until, int most = int.MaxValue)
    {
        var at = Math.Max(Math.Max(standing.Since, Eras[0].From), Math.Max(Floor, facts.Since));
        var (first, inside, found) = (at, standing.In, 0);
        while (at <= until && found < most)
        {
            var era = EraAt(at);
            if (IsMember(facts, era, at, inside) != inside)
            {
                inside = !inside;
                found++;
                yield return new(this, era, inside, at, CauseOf(facts, era, at, first));
            }
            at = Next(facts, era, at);
            if (at == Instant.Never)
                yield break;
        }
    }

    /// <summary>The next instant after <paramref name="at"/> at which a membership may change, if nothing new is told.</summary>
    public long NextChange(CustomerFacts facts, Era era, long at)
    {
        var inside = At(facts, era, at);
        for (var next = Next(facts, era, at); next != Instant.Never; next = Next(facts, EraAt(next), next))
            if (At(facts, EraAt(next), next) != inside)
                return next;
        return Instant.Never;
    }

    /// <summary>Whether a customer is a member, as of an instant, as it was recorded where the segment was paused.</summary>
    public bool IsMember(CustomerFacts facts, long at) => IsMember(facts, EraAt(at), at, Standing.AsOf(facts, Key, at));

    /// <summary><c>paused</c>, <c>rule</c>, <c>pinned-in</c>, <c>pinned-out</c>, <c>no-consent</c> or <c>withdrawn</c>.</summary>
    public string DecidedBy(CustomerFacts facts, Era era, long at) =>
        at >= PausedAt ? "paused"
        : era.Ended ? "withdrawn"
        : Pinned(facts, FactKind.PinnedOut, at) ? "pinned-out"
        : era.Guard?.At(facts, at) < Verdict.Yes ? "no-consent"
        : Pinned(facts, FactKind.PinnedIn, at) ? "pinned-in"
        : "rule";

    bool IsMember(CustomerFacts facts, Era era, long at, bool inside) =>
        at < PausedAt ? At(facts, era, at) == Verdict.Yes : inside && (era.Guard?.At(facts, at) ?? Verdict.Yes) == Verdict.Yes;

    public Era EraAt(long at)
    {
        for (var i = Eras.Count - 1; i > 0; i--)
            if (Eras[i].From <= at)
                return Eras[i];
        return Eras[0];
    }

    long Next(CustomerFacts facts, Era era, long at)
    {
        var next = Math.Min(era.Rule?.NextChange(facts, at) ?? Instant.Never, era.Guard?.NextChange(facts, at) ?? Instant.Never);
        foreach (var other in Eras)
            if (other.From > at)
                next = Math.Min(next, other.From);
        foreach (var fact in facts.Facts)
            if (fact.Kind is FactKind.PinnedIn or FactKind.PinnedOut && fact.Key == Key)
            {
                if (fact.From > at)
                    next = Math.Min(next, fact.From);
                if (fact.Until > at)
                    next = Math.Min(next, fact.Until);
            }
        return next;
    }

    bool Pinned(CustomerFacts facts, FactKind kind, long at)
    {
        foreach (var fact in facts.Facts)
            if (fact.Kind == kind && fact.Key == Key && fact.From <= at && at < fact.Until)
                return true;
        return false;
    }

    /// <summary>Facts that were told late change a membership at the first instant that is still to be decided.</summary>
    string CauseOf(CustomerFacts facts, Era era, long at, long first) =>
        era.From == at || at == Floor ? "definition"
        : at == facts.Since ? "group"
        : facts.Facts.Exists(f => f.Kind is FactKind.PinnedIn or FactKind.PinnedOut && f.Key == Key && (f.From == at || f.Until == at))
            ? "pinned"
        : at == first || facts.Marks(at) ? "facts"
        : "time";
}

/// <summary>What was last recorded of a membership.</summary>
/// <param name="Since">From this instant on; the beginning of time where nothing was.</param>
public readonly record struct Standing(bool In, long Since)
{
    public static Standing Never { get; } = new(false, long.MinValue);

    public static bool AsOf(CustomerFacts facts, ulong segment, long at) =>
        facts.Facts.Exists(f => f.Kind == FactKind.Member && f.Key == segment && f.A != FactCode.None && f.From <= at && at < f.Until);

    /// <summary>As the facts tell it.</summary>
    public static Standing Of(CustomerFacts facts, ulong segment)
    {
        var standing = Never;
        foreach (var fact in facts.Facts)
            if (fact.Kind == FactKind.Member && fact.Key == segment && fact.From >= standing.Since)
                standing = new(fact.A != FactCode.None, fact.From);
        return standing;
    }
}

/// <summary>A membership begins or ends.</summary>
/// <param name="Cause"><c>definition</c>, <c>facts</c>, <c>time</c>, <c>pinned</c> or <c>group</c>.</param>
public sealed record Change(LiveSegment Segment, Era Era, bool In, long At, string Cause);

/// <summary>A share of those who enter is held out: members who are not treated, so that the others can be compared with them.</summary>
/// <param name="Share">Of all customers, above 0 and up to .5.</param>
/// <param name="Salt">Another salt holds out others.</param>
public sealed record Holdout(
    [property: System.ComponentModel.DataAnnotations.Range(0.0001, 0.5)] decimal Share,
    [property: Code] string Salt
)
{
    public bool Holds(Guid customer) => Buckets.Of(Salt, customer) < Share * Buckets.Count;
}
