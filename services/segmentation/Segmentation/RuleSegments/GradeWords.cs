using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>Grades that a rule asks about are those of published schemes, in their latest version: others would hold for nobody.</summary>
static class GradeWords
{
    /// <exception cref="RuleViolationException"><c>scheme-unknown</c>, <c>grade-unknown</c>, or that of the rule itself.</exception>
    public static async Task Check(Condition? condition, Business business, NpgsqlDataSource db, CancellationToken ct)
    {
        if (condition is null || Rule.Of(condition, business).Grades is not { Count: > 0 } asked)
            return;
        var schemes = await GetSchemes.All(db, ct);
        foreach (var (code, grades, field) in asked)
        {
            if (!schemes.TryGetValue(code, out var scheme))
                throw new RuleViolationException("scheme-unknown", $"There is no published grade scheme '{code}'.", $"{field}.scheme");
            if (grades.FirstOrDefault(g => !scheme.Has(g)) is { } other)
                throw new RuleViolationException("grade-unknown", $"The scheme '{code}' has no grade '{other}'.", $"{field}.in");
        }
    }
}
