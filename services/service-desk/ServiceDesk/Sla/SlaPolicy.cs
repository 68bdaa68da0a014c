namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>
/// The business time within which the desk promises a first response, a solution, an answer to whoever writes again, and to whoever
/// complains an acknowledgement.
/// </summary>
public sealed class SlaTargets
{
    /// <summary>Business time up to the first response.</summary>
    public TimeSpan FirstResponse { get; set; }

    /// <summary>Business time up to the solution.</summary>
    public TimeSpan Resolution { get; set; }

    /// <summary>Null where no such promise is made.</summary>
    public TimeSpan? NextUpdate { get; set; }

    /// <summary>Of complaints only; null where no such promise is made.</summary>
    public TimeSpan? Acknowledgement { get; set; }
}

/// <summary>What is promised to which customers. A ticket keeps the version with which it was opened.</summary>
public sealed class SlaPolicy
{
    /// <summary>Its name, as a code: <c>best-customers</c>.</summary>
    [Required]
    [StringLength(60, MinimumLength = 1)]
    public string Id { get; set; } = "";

    /// <summary>Its version, which whoever writes it counts.</summary>
    [Range(1, int.MaxValue)]
    public int Version { get; set; } = 1;

    /// <summary>The calendar by which its business time is counted.</summary>
    [Required]
    public string Calendar { get; set; } = "default";

    /// <summary>Customers in one of these segments; if tiers are named too, only those who are of such a tier as well.</summary>
    [MaxLength(50)]
    public string[] Segments { get; set; } = [];

    /// <summary>Customers of these tiers; with no segments, tiers and grades it is the policy for everybody.</summary>
    [MaxLength(50)]
    public string[] Tiers { get; set; } = [];

    /// <summary>Customers of these grades, if no policy names their segment or tier; not together with segments.</summary>
    [MaxLength(50)]
    public string[] Grades { get; set; } = [];

    /// <summary>Of policies that name as much of a customer, the highest is theirs.</summary>
    [Range(0, 1000)]
    public int Priority { get; set; }

    /// <summary>Whether open tickets of whoever comes to this policy by a better tier get it, where something is due earlier by it:
    /// <c>shorten</c>; or keep what was promised: <c>keep</c>.</summary>
    [OneOf("keep", "shorten")]
    public string OnTierChange { get; set; } = "keep";

    /// <summary>By how many steps the priority of these customers' tickets is raised.</summary>
    [Range(0, 3)]
    public int Raise { get; set; }

    /// <summary>By priority: urgent, high, normal, low.</summary>
    public Dictionary<string, SlaTargets> Targets { get; set; } = [];

    /// <summary>Who is told when a promise is in danger or broken, in the order of their times.</summary>
    [MaxLength(20)]
    public IReadOnlyList<EscalationStep> Escalations { get; set; } = [];

    /// <summary>It names nobody.</summary>
    public bool IsForEverybody() => Segments.Length + Tiers.Length + Grades.Length == 0;
}

/// <summary>The priority of a ticket: by its kind and severity, raised by the policy.</summary>
public static class Priorities
{
    public static IReadOnlyList<string> All { get; } = ["low", "normal", "high", "urgent"];

    public static string Of(string kind, string? severity, int raise)
    {
        var step = (kind, severity) switch
        {
            (_, "critical") => 3,
            (_, "major") => 2,
            ("feedback", _) => 0,
            _ => 1,
        };
        return All[Math.Min(step + raise, All.Count - 1)];
    }

    /// <summary>By how many steps a priority is above that of kind and severity.</summary>
    public static int Raise(string priority, string kind, string? severity) => Step(priority) - Step(Of(kind, severity, 0));

    public static string Higher(string one, string other) => All[Math.Max(Step(one), Step(other))];

    static int Step(string priority) => All.Index().First(p => p.Item == priority).Index;
}
