namespace CrmPlatform.Customers.Merging;

/// <summary>That two customers were said to be one, until that is undone.</summary>
public sealed record Merge(MergeMade? Made, MergeUndone? Undone) : IAggregate<Merge, IMergeEvent>
{
    public static Merge Initial { get; } = new(null, null);

    public static Stream<Merge, IMergeEvent> Of(Guid id) => new(id);

    public Merge Evolve(IMergeEvent @event) =>
        @event switch
        {
            MergeMade e => new(e, null),
            MergeUndone e => this with { Undone = e },
            _ => this,
        };
}

/// <summary>Who said that two customers are one.</summary>
public enum MergedBy
{
    /// <summary>Somebody; the fact's metadata say who.</summary>
    Person,

    /// <summary>Their match was certain enough.</summary>
    Machine,
}

public interface IMergeEvent;

/// <summary>Two customers are one: their groups are one group now.</summary>
/// <param name="Survivor">The one whose group takes in the other's.</param>
/// <param name="Merged">The other one.</param>
/// <param name="Reason">A code in the business's words; <c>match</c> by machine.</param>
public sealed record MergeMade(Guid Survivor, Guid Merged, string Reason, MergedBy By, DateTimeOffset OccurredAt) : IMergeEvent;

/// <param name="Reason">A code in the business's words: <c>family</c>.</param>
public sealed record MergeUndone(string Reason, DateTimeOffset OccurredAt) : IMergeEvent;
