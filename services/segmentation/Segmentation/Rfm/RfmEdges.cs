using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Rfm;

/// <summary>Fixed edges of the scores, instead of fifths of the population: four for each measure, each better than the one before.
/// </summary>
/// <param name="RecencyDays">Descending: score k + 1 needs at most the k-th of these days since the last order: 365, 180, 90, 30.</param>
/// <param name="Frequency">Ascending: score k + 1 needs at least the k-th of these: 2, 4, 8, 13.</param>
/// <param name="Monetary">Ascending: score k + 1 needs at least the k-th of these amounts in the base currency.</param>
public sealed record RfmEdges(
    [property: Length(4, 4)] IReadOnlyList<int> RecencyDays,
    [property: Length(4, 4)] IReadOnlyList<long> Frequency,
    [property: Length(4, 4)] IReadOnlyList<decimal> Monetary
)
{
    const decimal Most = 1_000_000_000_000;

    /// <exception cref="RuleViolationException"><c>edges-not-ascending</c>: they do not lead from worse to better.</exception>
    public void Check()
    {
        Require(RecencyDays.Select(d => -(decimal)d), "recencyDays", "are whole days since the last order, descending and not negative");
        Require(Frequency.Select(f => (decimal)f), "frequency", "are numbers of orders or days, ascending");
        Require(Monetary, "monetary", "are amounts, ascending");
        if (Monetary.Any(m => Math.Abs(m) > Most))
            throw Fault("monetary", $"are amounts of at most {Most:0}, ascending");
        if (Frequency[0] < 1)
            throw Fault("frequency", "are numbers of orders or days from 1 on, ascending");
        if (RecencyDays[^1] < 0)
            throw Fault("recencyDays", "are whole days since the last order, descending and not negative");
    }

    static void Require(IEnumerable<decimal> edges, string measure, string how)
    {
        var ordered = edges.ToList();
        if (ordered.Zip(ordered.Skip(1)).Any(pair => pair.First >= pair.Second))
            throw Fault(measure, how);
    }

    static RuleViolationException Fault(string measure, string how) =>
        new RuleViolationException("edges-not-ascending", $"The edges of {measure} {how}.", $"edges.{measure}");

    public bool Equals(RfmEdges? other) =>
        other is not null
        && RecencyDays.SequenceEqual(other.RecencyDays)
        && Frequency.SequenceEqual(other.Frequency)
        && Monetary.SequenceEqual(other.Monetary);

    public override int GetHashCode() => HashCode.Combine(RecencyDays[0], Frequency[0], Monetary[0]);
}
