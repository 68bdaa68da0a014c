namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>A step of a policy's escalation ladder: who is told when so much of a promise's time is used up.</summary>
public sealed record EscalationStep
{
    public static IReadOnlyList<string> Roles { get; } = ["owner", "lead", "duty"];

    /// <summary>Share of the target, in percent; 100 is the due instant.</summary>
    [Range(1, 100)]
    public int Percent { get; init; } = 100;

    /// <summary>Business time after the due instant; only with 100 percent.</summary>
    public TimeSpan After { get; init; }

    /// <summary><c>owner</c> (the agent who has the ticket), <c>lead</c> or <c>duty</c>.</summary>
    [Required]
    public string Notify { get; init; } = "";

    public bool IsValid() =>
        Percent is >= 1 and <= 100 && After >= TimeSpan.Zero && (After == TimeSpan.Zero || Percent == 100) && Roles.Contains(Notify);

    /// <summary>Business time that is used up when the step is due.</summary>
    public TimeSpan Of(TimeSpan target) => target * (Percent / 100.0) + After;
}

/// <summary>A step with its instant, as long as the clock runs.</summary>
/// <param name="Number">Which of the promises with this clock.</param>
/// <param name="Step">Its place in the ladder, from 0.</param>
public sealed record PlannedStep(string Clock, int Number, int Step, string Notify, DateTimeOffset At);
