using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>The facts of one decision about a customer's grade, gathered while the state follows them. Dates never run backwards.</summary>
/// <param name="lowest">The scheme's last grade, which is told where none is left.</param>
sealed class GradeDecision(CustomerGrade grade, Guid customerId, string scheme, string lowest)
{
    public const string Run = "run",
        SchemeChanged = "scheme",
        Overridden = "override",
        Ended = "override-ended",
        Merged = "merged";

    readonly List<IGradeEvent> facts = [];

    public CustomerGrade Grade { get; private set; } = grade;

    public IGradeEvent[] Facts => [.. facts];

    void Add(IGradeEvent fact)
    {
        facts.Add(fact);
        Grade = Grade.Evolve(fact);
    }

    DateTimeOffset Later(DateTimeOffset at) => Grade.At > at ? Grade.At : at;

    /// <summary>An override that was due ends at its own instant.</summary>
    public GradeDecision PassTime(DateTimeOffset now)
    {
        if (Grade.Override is { } said && said.Until <= now)
            End("until", said.Until);
        return this;
    }

    public void Take(string found, decimal score, Guid runId, RunOrder order, string cause, DateTimeOffset at)
    {
        PassTime(at);
        if (found == Grade.Computed?.Grade || RunOrder.Of(Grade.Computed)?.IsAfter(order) == true)
            return;
        at = Later(at);
        Add(
            new GradeComputed(
                CustomerId: customerId,
                Scheme: scheme,
                Version: order.Version,
                From: Grade.Computed?.Grade,
                Grade: found,
                Score: score,
                RunId: runId,
                AsOf: order.AsOf,
                Through: order.Through,
                OccurredAt: at
            )
        );
        Tell(cause, at);
    }

    public void Set(string to, string reason, string by, DateTimeOffset until, DateTimeOffset at)
    {
        PassTime(at);
        if (Grade.Override is { } said && (said.Grade, said.Reason, said.Until) == (to, reason, until))
            return;
        at = Later(at);
        Add(new GradeOverridden(customerId, scheme, to, reason, by, until, at));
        Tell(Overridden, at);
    }

    public void End(string cause, DateTimeOffset at)
    {
        if (Grade.Override is null)
            return;
        at = Later(at);
        Add(new OverrideEnded(customerId, scheme, cause, at));
        if (Grade.Computed is null)
            Void(Ended, at);
        else
            Tell(Ended, at);
    }

    /// <summary>The customer has left the population. What people said stands, unless the customer is one with others.</summary>
    public void Void(string reason, DateTimeOffset at)
    {
        at = Later(at);
        if (reason == Merged && Grade.Override is not null)
            Add(new OverrideEnded(customerId, scheme, reason, at));
        if (Grade.Override is null && Grade.Told is { } told && told != lowest)
            Change(lowest, reason == Ended ? Ended : Run, at);
        if (Grade.Computed is not null || Grade.Told is not null)
            Add(new GradeVoided(customerId, scheme, reason, at));
        Tell(Overridden, at);
    }

    void Tell(string cause, DateTimeOffset at)
    {
        if ((Grade.Override?.Grade ?? Grade.Computed?.Grade) is { } stands && stands != Grade.Told)
            Change(stands, cause, at);
    }

    void Change(string to, string cause, DateTimeOffset at) =>
        Add(new GradeChanged(customerId, scheme, Grade.Told, to, Grade.Computed?.RunId ?? Guid.Empty, cause, at));
}
