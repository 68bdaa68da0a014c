using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A person ended the relation with the customer.</summary>
/// <param name="Reason">A code.</param>
public sealed record LifecycleEnded(string Reason, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>A person took back that the relation has ended.</summary>
/// <param name="Reason">A code.</param>
public sealed record LifecycleReopened(string Reason, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed partial record CustomerValue
{
    /// <summary>What decides the stage besides orders and time.</summary>
    public LifecycleMarks Marks { get; private init; } = LifecycleMarks.None;

    /// <summary>The history that is known now, with what time alone would add to it.</summary>
    public IReadOnlyList<StageStep> Steps(LifecyclePolicy policy) => LifecycleRules.Replay(OrderInstants(), Marks, policy);

    /// <summary>The latest instant of which the stage, or an order, has been recorded.</summary>
    public DateTimeOffset KnownThrough => LastOrderAt is { } last && last > StageSince ? last : StageSince;

    CustomerValue EvolveMarks(ICustomerEvent @event)
    {
        var marks = @event switch
        {
            InteractionNoted { Answered: true } e => Marks.Contact(e.OccurredAt),
            SurveyNoted { Metric: "csat" } e => Marks.Survey(new(e.OccurredAt, e.Score)),
            TierNoted e => Marks.Tier(e.OccurredAt, e.Tier),
            LifecycleEnded e => Marks.End(new(e.OccurredAt, true, e.Reason)),
            LifecycleReopened e => Marks.End(new(e.OccurredAt, false, e.Reason)),
            _ => Marks,
        };
        return ReferenceEquals(marks, Marks) ? EvolveNeeds(@event) : this with { Marks = marks };
    }
}
