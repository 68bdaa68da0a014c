using System.Diagnostics.Metrics;

namespace CrmPlatform.Loyalty;

/// <summary>Counts by outcome: what was asked for, or the code of the rule that refused it.</summary>
static class Outcomes
{
    public static void Add(this Counter<long> counter, string outcome, long count = 1) =>
        counter.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome">Null for what is not counted.</param>
    public static async Task<T> Count<T>(this Counter<long> counter, Func<Task<T>> work, Func<T, string?> outcome)
    {
        try
        {
            var result = await work();
            if (outcome(result) is { } counted)
                counter.Add(counted);
            return result;
        }
        catch (RuleViolationException refused)
        {
            counter.Add(refused.Code);
            throw;
        }
    }
}
