namespace CrmPlatform.Customers.Quality;

/// <summary>Customers whose profiles stewards are to mend, as they were chosen.</summary>
public sealed record WorkList(WorkListMade? Made) : IAggregate<WorkList, IWorkListEvent>
{
    public static WorkList Initial { get; } = new((WorkListMade?)null);

    public static Stream<WorkList, IWorkListEvent> Of(Guid id) => new(id);

    public WorkList Evolve(IWorkListEvent @event) => @event is WorkListMade e ? new(e) : this;
}

public interface IWorkListEvent;

/// <param name="Name">What people call it.</param>
/// <param name="Rule">The rule that they break; null if they were chosen by band.</param>
/// <param name="Band">The band that they are in; null for any.</param>
/// <param name="Source">The system that registered them; null for any.</param>
/// <param name="Customers">Their ids, in the order in which they are to be mended.</param>
public sealed record WorkListMade(
    string? Name,
    string? Rule,
    QualityBand? Band,
    string? Source,
    IReadOnlyList<Guid> Customers,
    DateTimeOffset OccurredAt
) : IWorkListEvent;
