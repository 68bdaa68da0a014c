namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>Where a customer stands, by contacts, net orders, silence, surveys, tier, and what a person ended.</summary>
public enum LifecycleStage
{
    Prospect,
    Engaged,
    New,
    Repeat,
    Active,
    Loyal,
    Dormant,
    Churned,
    WonBack,
    Ended,
}

/// <summary>One step of a customer's history. Cause is a code.</summary>
/// <param name="Reason">A person's reason, as a code; null where nobody decided.</param>
public readonly record struct StageStep(LifecycleStage Stage, string Cause, DateTimeOffset At, string? Reason = null);

/// <summary>A history of steps, ascending, of which those after some instant have not been said.</summary>
public static class StageSteps
{
    /// <summary>The last step before an instant; null where there is none.</summary>
    public static StageStep? Before(this IReadOnlyList<StageStep> steps, DateTimeOffset until)
    {
        for (var i = steps.Count - 1; i >= 0; i--)
            if (steps[i].At < until)
                return steps[i];
        return null;
    }

    /// <summary>The instant of the first step that is not before an instant; null where there is none.</summary>
    public static DateTimeOffset? DueFrom(this IReadOnlyList<StageStep> steps, DateTimeOffset from)
    {
        var due = default(DateTimeOffset?);
        for (var i = steps.Count - 1; i >= 0 && steps[i].At >= from; i--)
            due = steps[i].At;
        return due;
    }
}
