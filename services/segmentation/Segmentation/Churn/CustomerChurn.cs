using System.Collections.Immutable;

namespace CrmPlatform.Segmentation.Churn;

public enum EpisodeState
{
    Open,
    Closed,
    Revoked,
}

/// <summary>What was recorded of an episode.</summary>
/// <param name="ClosedBy">The purchase that closed it.</param>
public sealed record Episode(
    Guid Id,
    Guid LastPurchase,
    string Basis,
    DateTimeOffset DeclaredAt,
    EpisodeState State = EpisodeState.Open,
    Guid? ClosedBy = null
);

/// <summary>An offer of a win-back plan.</summary>
public sealed record Offer(Guid PlanId, DateTimeOffset At, DateTimeOffset Until);

/// <summary>By whose purchases, and by which, a customer is judged.</summary>
/// <param name="Merged">The customer is judged under another id.</param>
/// <param name="Orders">Of the customer and of all who are one with them, in the order of their instants.</param>
public sealed record ChurnFacts(Guid CustomerId, bool Merged, IReadOnlyList<ChurnOrder> Orders);

/// <summary>What was recorded of a customer's leaving and coming back.</summary>
public sealed record CustomerChurn : IAggregate<CustomerChurn, IChurnEvent>
{
    public static CustomerChurn Initial { get; } = new();

    public static Stream<CustomerChurn, IChurnEvent> Of(Guid customerId) => new(NameId.For("churn", customerId.ToString()));

    public ImmutableArray<Episode> Episodes { get; init; } = [];
    public Risk Risk { get; init; }

    /// <summary>Since when the band has been below ok.</summary>
    public DateTimeOffset? WarnedAt { get; init; }
    public ImmutableArray<DateTimeOffset> Cancelled { get; init; } = [];
    public ImmutableArray<Offer> Offers { get; init; } = [];
    public bool Erased { get; init; }

    /// <summary>The latest episode that was.</summary>
    public Episode? Latest() => Episodes.Where(e => e.State != EpisodeState.Revoked).MaxBy(e => e.DeclaredAt);

    public CustomerChurn Evolve(IChurnEvent @event) =>
        @event switch
        {
            ChurnDeclared e => this with { Episodes = Episodes.Add(new(e.EpisodeId, e.LastPurchaseId, e.Basis, e.OccurredAt)) },
            EpisodeClosed e => With(e.EpisodeId, EpisodeState.Closed, e.PurchaseId),
            ChurnRevoked e => With(e.EpisodeId, EpisodeState.Revoked, null),
            EpisodeReopened e => With(e.EpisodeId, EpisodeState.Open, null),
            CancellationNoted e => this with { Cancelled = Cancelled.Add(e.OccurredAt) },
            RiskBandChanged e => this with
            {
                Risk = new(e.To, e.ModelId, e.OccurredAt),
                WarnedAt = e.To == RiskBand.Ok ? null : (WarnedAt ?? e.OccurredAt),
            },
            WinBackOffered e => this with { Offers = Offers.Add(new(e.PlanId, e.OccurredAt, e.Until)) },
            ChurnErased => this with { Erased = true },
            _ => this,
        };

    CustomerChurn With(Guid episode, EpisodeState state, Guid? closedBy) =>
        this with
        {
            Episodes = [.. Episodes.Select(e => e.Id == episode ? e with { State = state, ClosedBy = closedBy } : e)],
        };

    /// <summary>
    /// What the facts mean up to an instant and was not recorded yet. Nothing the second time. What was declared stays declared at its
    /// instant; what facts that were told late have made untrue is revoked.
    /// </summary>
    /// <param name="until">Now.</param>
    /// <param name="causes">What is found of an episode that is declared; null where nobody looks.</param>
    public IChurnEvent[] Judge(ChurnFacts facts, ChurnYardstick by, DateTimeOffset until, Func<Guid, Finding?>? causes = null)
    {
        if (Erased)
            return [];
        var id = facts.CustomerId;
        if (facts.Merged)
            return
            [
                .. Episodes
                    .Where(e => e.State == EpisodeState.Open)
                    .Select(e => new ChurnRevoked(id, e.Id, "merged", Later(until, e.DeclaredAt))),
            ];
        var changes = Bands(facts, by, until).Concat(Changes(facts, Meant(facts, by), until)).OrderBy(e => e.OccurredAt);
        var (state, recorded) = (this, new List<IChurnEvent>());
        foreach (var change in changes)
        {
            var fact = change;
            if (change is ChurnDeclared declared)
            {
                var purchase = facts.Orders.First(o => o.Id == declared.LastPurchaseId);
                fact = declared with
                {
                    WarnedAt = state.WarnedAt >= purchase.At && state.WarnedAt <= declared.OccurredAt ? state.WarnedAt : null,
                };
            }
            recorded.Add(fact);
            state = state.Evolve(fact);
            if (fact is ChurnDeclared { EpisodeId: var episode, OccurredAt: var at } && causes?.Invoke(episode) is { } found)
                recorded.Add(new ChurnCauseFound(id, episode, found.Cause, found.Shares, found.Evidence, at));
        }
        return [.. recorded];
    }

    /// <summary>When, after an instant until which everything is recorded, the facts next mean something new; null: never.</summary>
    public DateTimeOffset? Next(ChurnFacts facts, ChurnYardstick by, DateTimeOffset after)
    {
        if (Erased || facts.Merged)
            return null;
        var episodes = Meant(facts, by).Where(m => m.At > after && !Stands(EpisodeRules.IdOf(facts.CustomerId, m.LastPurchase)));
        var bands = Bands(facts, by, DateTimeOffset.MaxValue).Take(1).Where(b => b.OccurredAt > after);
        DateTimeOffset[] next = [.. episodes.Select(m => m.At), .. bands.Select(b => b.OccurredAt)];
        return next.Length == 0 ? null : next.Min();
    }

    bool Stands(Guid id) => Episodes.Any(e => e.Id == id && e.State != EpisodeState.Revoked);

    IEnumerable<IChurnEvent> Bands(ChurnFacts facts, ChurnYardstick by, DateTimeOffset until)
    {
        if (by.Model is not { } model)
            yield break;
        var from = Risk.Band;
        foreach (var step in RiskBands.Changes(facts.Orders, model, by.Business, Risk).TakeWhile(s => s.At <= until))
        {
            yield return new RiskBandChanged(facts.CustomerId, from, step.Band, model.Id, step.Cause, step.At);
            from = step.Band;
        }
    }

    List<MeantEpisode> Meant(ChurnFacts facts, ChurnYardstick by) => [.. EpisodeRules.Of(facts.Orders, Cancelled, by)];

    IEnumerable<IChurnEvent> Changes(ChurnFacts facts, List<MeantEpisode> all, DateTimeOffset until)
    {
        var id = facts.CustomerId;
        var meant = all.Where(m => m.At <= until).ToDictionary(m => EpisodeRules.IdOf(id, m.LastPurchase));
        foreach (var e in Episodes)
            if (!meant.ContainsKey(e.Id) && ByAnotherModel(e, facts) is { } still)
                meant.Add(e.Id, still);
        foreach (var e in Episodes.Where(e => e.State != EpisodeState.Revoked && !meant.ContainsKey(e.Id)))
            yield return new ChurnRevoked(
                id,
                e.Id,
                facts.Orders.Any(o => o.Id == e.LastPurchase) ? "earlier-purchase" : "purchase-gone",
                until
            );
        foreach (var (episode, m) in meant)
        {
            var recorded = Episodes.FirstOrDefault(e => e.Id == episode);
            if (recorded is null)
                yield return new ChurnDeclared(id, episode, m.LastPurchase, m.Basis, m.Since, null, m.At);
            else if (recorded.State == EpisodeState.Revoked || (recorded.State == EpisodeState.Closed && m.ClosedBy is null))
                yield return new EpisodeReopened(id, episode, recorded.Basis, until);
            if (m.ClosedBy is { } purchase && (recorded is null || recorded.ClosedBy != purchase.Id))
                yield return new EpisodeClosed(
                    id,
                    episode,
                    purchase.Id,
                    PlanAt(purchase.At),
                    recorded?.State == EpisodeState.Revoked ? Later(until, purchase.At) : purchase.At
                );
        }
    }

    /// <summary>What a model has declared that is active no more stands until a purchase lies before it.</summary>
    static MeantEpisode? ByAnotherModel(Episode e, ChurnFacts facts)
    {
        if (e.Basis != EpisodeRules.Unlikely || e.State == EpisodeState.Revoked)
            return null;
        for (var i = 0; i < facts.Orders.Count; i++)
            if (facts.Orders[i].Id == e.LastPurchase)
            {
                var next = i + 1 < facts.Orders.Count ? facts.Orders[i + 1] : null;
                return next?.At <= e.DeclaredAt || facts.Orders[i].At > e.DeclaredAt
                    ? null
                    : new(e.LastPurchase, e.Basis, e.DeclaredAt, e.DeclaredAt, next);
            }
        return null;
    }

    Guid? PlanAt(DateTimeOffset at) => Offers.LastOrDefault(o => o.At <= at && at < o.Until)?.PlanId;

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
