namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>The causes that complaints may have.</summary>
public static class CauseList
{
    /// <exception cref="RuleViolationException">There is no such cause.</exception>
    public static string Cause(this DeskRules rules, string code) =>
        rules.Causes.Any(c => c.Cause == code)
            ? code
            : throw new RuleViolationException(
                "cause-unknown",
                $"{code} is not a cause; causes are {string.Join(", ", rules.Causes.Select(c => c.Cause))}.",
                "cause"
            );
}
