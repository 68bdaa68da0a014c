namespace CrmPlatform.Segmentation.Grading;

/// <summary>What a run means for a customer.</summary>
/// <param name="From">The computed grade before; null for none.</param>
/// <param name="To">The computed grade; null for who has left the population.</param>
/// <param name="Score">Null for who has left.</param>
/// <param name="Standing">The grade that stands, before.</param>
/// <param name="Overridden">What people said instead.</param>
readonly record struct Move(Guid CustomerId, string? From, string? To, decimal? Score, string? Standing, string? Overridden)
{
    /// <summary>The grade that stands afterwards.</summary>
    public string? Stands => Overridden ?? To;
}

static class Moves
{
    /// <summary>Everybody who is graded, and those who were.</summary>
    public static IEnumerable<Move> Of(GradeScheme scheme, GradeScorer scorer, GradeInputs inputs, Dictionary<Guid, StandingRow> standing)
    {
        var left = standing.Values.Where(s => s.Computed is not null).Select(s => s.CustomerId).ToHashSet();
        for (var i = 0; i < inputs.Customers.Count; i++)
        {
            var id = inputs.Customers[i];
            left.Remove(id);
            var (now, score) = (standing.GetValueOrDefault(id), scorer.Score(inputs.Columns, i));
            yield return new(id, now?.Computed, scheme.GradeOf(score, now?.Computed), score, now?.Standing, now?.Overridden);
        }
        foreach (var id in left)
            yield return new(id, standing[id].Computed, null, null, standing[id].Standing, standing[id].Overridden);
    }
}
