namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>Goes through all that decides a customer's stage, each at its own instant, and notes the steps.</summary>
ref struct StageMachine(ReadOnlySpan<DateTimeOffset> orders, LifecyclePolicy policy)
{
    enum Kind
    {
        Contact,
        TierGained,
        TierLost,
        Content,
        NotContent,
        Ended,
        Reopened,
    }

    readonly ReadOnlySpan<DateTimeOffset> orders = orders;
    readonly List<StageStep> steps = [];

    /// <summary>Where the customer stands if nobody has ended it.</summary>
    LifecycleStage? stage;
    int counted;
    (int Orders, TimeSpan Quiet) patience;

    // Of loyalty: since when its conditions hold without a break; until when enough orders are in the window; tiers that count.
    DateTimeOffset? heldSince;
    DateTimeOffset enoughUntil;
    int tiers;
    bool notContent,
        ended;

    /// <summary>All steps, and those that would follow if nothing happened any more.</summary>
    public List<StageStep> Run(LifecycleMarks marks)
    {
        var (others, next) = (Sorted(marks, policy), 0);
        foreach (var order in orders)
        {
            for (; next < others.Count && others[next].At < order; next++)
                Take(others[next].Kind, others[next].At, others[next].Reason);
            TakeOrder(order);
        }
        for (; next < others.Count; next++)
            Take(others[next].Kind, others[next].At, others[next].Reason);
        PassTime(DateTimeOffset.MaxValue);
        return steps;
    }

    static List<(DateTimeOffset At, Kind Kind, string? Reason)> Sorted(LifecycleMarks marks, LifecyclePolicy policy)
    {
        var all = new List<(DateTimeOffset At, Kind Kind, string? Reason)>();
        if (marks == LifecycleMarks.None)
            return all;
        if (marks.ContactAt is { } contact)
            all.Add((contact, Kind.Contact, null));
        foreach (var survey in marks.Surveys)
            all.Add((survey.At, LifecyclePolicy.IsLow(survey.Score) ? Kind.NotContent : Kind.Content, null));
        foreach (var tier in marks.Tiers)
            if (policy.LoyalTiers.Contains(tier.Tier) && tier.From < tier.Until)
            {
                all.Add((tier.From, Kind.TierGained, null));
                all.Add((tier.Until, Kind.TierLost, null));
            }
        foreach (var end in marks.Ends)
            all.Add((end.At, end.Ended ? Kind.Ended : Kind.Reopened, end.Reason));
        all.RemoveAll(m => m.At == DateTimeOffset.MaxValue);
        all.Sort((one, other) => one.At != other.At ? one.At.CompareTo(other.At) : one.Kind.CompareTo(other.Kind));
        return all;
    }

    void TakeOrder(DateTimeOffset at)
    {
        var unbroken = Reach(at);
        counted++;
        // Who has never bought cannot be won back.
        stage = ended && counted > 1 ? LifecycleStage.WonBack : LifecycleRules.AfterOrder(stage, counted);
        ended = false;
        if (counted >= policy.LoyalOrders)
            enoughUntil = orders[counted - policy.LoyalOrders] + LifecyclePolicy.LoyalWindow;
        Leave(at, unbroken, LifecycleRules.Purchase, null);
    }

    void Take(Kind kind, DateTimeOffset at, string? reason)
    {
        var unbroken = Reach(at);
        switch (kind)
        {
            case Kind.Contact:
                stage ??= LifecycleStage.Engaged;
                break;
            case Kind.TierGained:
                tiers++;
                break;
            case Kind.TierLost:
                tiers--;
                break;
            case Kind.Content:
                notContent = false;
                break;
            case Kind.NotContent:
                notContent = true;
                if (stage == LifecycleStage.Loyal)
                    stage = LifecycleStage.Active;
                break;
            default:
                ended = kind == Kind.Ended;
                break;
        }
        Leave(
            at,
            unbroken,
            kind switch
            {
                Kind.Contact => LifecycleRules.Contact,
                Kind.Ended => LifecycleRules.Ended,
                Kind.Reopened => LifecycleRules.Reopened,
                _ => LifecycleRules.Survey,
            },
            reason
        );
    }

    /// <summary>Time passes until an instant.</summary>
    /// <returns>The conditions of loyalty have held until then.</returns>
    bool Reach(DateTimeOffset at)
    {
        PassTime(at);
        return heldSince is not null && (tiers > 0 || enoughUntil >= at);
    }

    void Leave(DateTimeOffset at, bool unbroken, string cause, string? reason)
    {
        var holds = stage == LifecycleStage.Active && !notContent && (tiers > 0 || enoughUntil > at);
        heldSince =
            !holds ? null
            : unbroken ? heldSince
            : at;
        Say(cause, at, reason);
    }

    void PassTime(DateTimeOffset until)
    {
        while (true)
        {
            var quiet = QuietAt(until);
            var loyal = heldSince + LifecyclePolicy.LoyalHeld;
            if (loyal < quiet && loyal < until && (tiers > 0 || loyal < enoughUntil))
                (stage, heldSince) = (LifecycleStage.Loyal, null);
            else if (quiet < until)
                (stage, heldSince, loyal) = (stage == LifecycleStage.Dormant ? LifecycleStage.Churned : LifecycleStage.Dormant, null, null);
            else
                return;
            Say(loyal is null ? LifecycleRules.Quiet : LifecycleRules.Held, loyal ?? quiet, null);
        }
    }

    /// <summary>When silence alone changes the stage, if that is before an instant.</summary>
    DateTimeOffset QuietAt(DateTimeOffset until)
    {
        // θ sorts all gaps so far: it is asked for only where it can matter, or a late purchase would cost the square of the history.
        if (counted == 0 || stage == LifecycleStage.Churned || until - orders[counted - 1] <= policy.MinQuiet)
            return DateTimeOffset.MaxValue;
        if (patience.Orders != counted)
            patience = (counted, policy.Quiet(orders[..counted]));
        return orders[counted - 1] + (stage == LifecycleStage.Dormant ? 2 : 1) * patience.Quiet;
    }

    readonly void Say(string cause, DateTimeOffset at, string? reason)
    {
        var shown =
            ended ? LifecycleStage.Ended
            : stage is null && steps.Count > 0 ? LifecycleStage.Prospect
            : stage;
        if (shown is { } said && (steps.Count == 0 || steps[^1].Stage != said))
            steps.Add(new(said, cause, at, reason));
    }
}
