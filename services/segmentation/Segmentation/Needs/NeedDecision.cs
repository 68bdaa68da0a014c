using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>What a run says of a customer.</summary>
/// <param name="Others">With whom the run counted the customer as one.</param>
public sealed record NeedFinding(
    NeedScale Scale,
    NeedCount Count,
    IReadOnlyList<Guid> Evidence,
    IReadOnlyList<Guid> Others,
    Guid RunId,
    DateOnly AsOf
);

/// <summary>The facts of one decision about a customer's needs, gathered while the state follows them. Dates never run backwards.</summary>
/// <param name="customer">With what all who are one with them said and refused.</param>
/// <param name="forgotten">Who is in no group any more, whatever a run had counted.</param>
public sealed class NeedDecision(Guid customerId, CustomerNeeds needs, CustomerValue customer, IReadOnlyList<Guid> forgotten)
{
    readonly List<INeedEvent> facts = [];

    public CustomerNeeds Needs { get; private set; } = needs;

    public IReadOnlyList<INeedEvent> Facts => facts;

    /// <param name="customers">The streams of the customer and of those who may be one with them, the customer's first.</param>
    /// <returns>Null of who was forgotten.</returns>
    public static NeedDecision? About(Guid customerId, CustomerNeeds needs, IReadOnlyList<(Guid Id, CustomerValue State)> customers)
    {
        var own = customers[0].State;
        if (own.Forgotten)
            return null;
        var members = customers.Skip(1).Where(c => c.State.SurvivorId == customerId && !c.State.Forgotten).Select(c => c.State);
        return new(
            customerId,
            needs,
            own.SurvivorId is null ? own.With(members) : own,
            [.. customers.Where(c => c.State.Forgotten).Select(c => c.Id)]
        );
    }

    /// <summary>What all who are one said.</summary>
    public NeedMarks Marks => customer.Needs;

    bool Merged => customer.SurvivorId is not null;

    /// <summary>Why a need is not inferred, whatever the orders say; null where it may be.</summary>
    public string? Barred(string code) =>
        Merged ? "merged"
        : !customer.Needs.Refused.IsEmpty ? "refused"
        : customer.Needs.Said.GetValueOrDefault(code) switch
        {
            NeedDeclared => "declared",
            NeedContested => "contested",
            _ => null,
        };

    /// <summary>What was inferred and is barred goes; others are told what stands.</summary>
    public void Settle(DateTimeOffset at)
    {
        foreach (var code in Needs.Inferred.Keys)
            if (Barred(code) is { } reason)
                Add(new NeedGone(customerId, code, reason, null, Later(at)));
        Tell(at);
    }

    /// <summary>
    /// Takes what a run found. If the customer is one with others than the run counted, that says nothing of them: the next run will.
    /// </summary>
    public void Take(NeedFinding found, DateTimeOffset at)
    {
        Settle(at);
        var code = found.Scale.Code;
        if (Barred(code) is not null || !customer.Members.SequenceEqual(found.Others.Except(forgotten)))
            return;
        var before = Needs.Inferred.GetValueOrDefault(code)?.Band;
        var band = found.Scale.BandOf(found.Count, before);
        if (band is { } to && to != before)
            Add(
                new NeedInferred(
                    CustomerId: customerId,
                    Code: code,
                    Band: to,
                    Counted: found.Count.Counted,
                    Orders: found.Count.Orders,
                    Mean: Math.Round(found.Scale.Mean, 6),
                    Deviation: found.Scale.Deviation,
                    RunId: found.RunId,
                    AsOf: found.AsOf,
                    Evidence: found.Evidence,
                    OccurredAt: Later(at)
                )
            );
        else if (band is null && before is not null)
            Add(new NeedGone(customerId, code, found.Scale.Strength(found.Count) is null ? "unknown" : "run", found.RunId, Later(at)));
        Tell(at);
    }

    /// <summary>All needs that stand: what was declared, and what was inferred of others.</summary>
    public IReadOnlyList<StandingNeed> Standing() =>
        Merged
            ? []
            :
            [
                .. customer
                    .Needs.Said.Values.OfType<NeedDeclared>()
                    .Select(d => new StandingNeed(d.Code, StandingNeed.Declared, null))
                    .Concat(
                        Needs
                            .Inferred.Values.Where(i => Barred(i.Code) is null)
                            .Select(i => new StandingNeed(i.Code, StandingNeed.Inferred, i.Band))
                    )
                    .OrderBy(n => n.Code, StringComparer.Ordinal),
            ];

    void Tell(DateTimeOffset at)
    {
        var standing = Standing();
        if (!standing.SequenceEqual(Needs.Told))
            Add(new NeedsChanged(customerId, standing, Later(at)));
    }

    void Add(INeedEvent fact)
    {
        facts.Add(fact);
        Needs = Needs.Evolve(fact);
    }

    DateTimeOffset Later(DateTimeOffset at) => Needs.At > at ? Needs.At : at;
}
