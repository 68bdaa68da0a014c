namespace CrmPlatform.Segmentation.Segments;

/// <summary>A segment of the 5×5 grid.</summary>
/// <param name="Name">Its name: <c>Can't Lose Them</c>.</param>
/// <param name="Slug">The name for a path: <c>cant-lose-them</c>.</param>
/// <param name="DefinitionVersion">Version of the grid.</param>
/// <param name="Cells">Pairs of recency score and ⌊(frequency + monetary) / 2⌋.</param>
/// <param name="Customers">How many customers are in it.</param>
/// <param name="Share">Of all customers who are in a segment, with four decimals; the shares add up to exactly 1.</param>
public sealed record SegmentRow(
    string Name,
    string Slug,
    int DefinitionVersion,
    IReadOnlyList<IReadOnlyList<int>> Cells,
    long Customers,
    decimal Share
);

/// <summary>How many customers have what.</summary>
/// <param name="Name">Name of the type, grade or stage.</param>
/// <param name="Customers">How many customers.</param>
/// <param name="Share">Of all that are counted, with four decimals; the shares add up to exactly 1.</param>
public sealed record CountRow(string Name, long Customers, decimal Share);

/// <summary>A customer who is in a segment.</summary>
/// <param name="Recency">Score of the last net order's date, 1 to 5; 5 is the most recent.</param>
/// <param name="Frequency">Score of the number of net orders, 1 to 5; 5 is the most.</param>
/// <param name="Monetary">Score of the net revenue, 1 to 5; 5 is the most.</param>
/// <param name="ChineseType">One of the eight types: <c>重要价值</c>.</param>
/// <param name="Grade"><c>A</c>, <c>B</c> or <c>C</c>; null before the first run that the customer was part of.</param>
/// <param name="Since">When the customer entered the segment.</param>
/// <param name="Reason">The condition that decided, in codes and numbers.</param>
public sealed record SegmentMember(
    Guid CustomerId,
    int Recency,
    int Frequency,
    int Monetary,
    string ChineseType,
    string? Grade,
    DateTimeOffset Since,
    string Reason,
    Guid SourceEvent
);

/// <summary>The latest published run.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="AsOf">Business day at whose end it measured the population.</param>
/// <param name="Customers">Customers with at least one net order then.</param>
public sealed record LastRun(Guid Id, DateOnly AsOf, int Customers);

/// <summary>All customers in a few numbers.</summary>
/// <param name="Customers">Customers who are not forgotten.</param>
/// <param name="RfmSegments">How many are in each segment of the 5×5 grid.</param>
/// <param name="ChineseTypes">How many are of each of the eight types.</param>
/// <param name="Abc">How many have each grade.</param>
/// <param name="Lifecycle">How many are in each stage.</param>
/// <param name="LifecycleDue">Customers whose stage the clock will change when it comes by; 0 when it is up to date.</param>
/// <param name="LastRun">Null before the first run.</param>
public sealed record Summary(
    long Customers,
    IReadOnlyDictionary<string, long> RfmSegments,
    IReadOnlyDictionary<string, long> ChineseTypes,
    IReadOnlyDictionary<string, long> Abc,
    IReadOnlyDictionary<string, long> Lifecycle,
    long LifecycleDue,
    LastRun? LastRun
);
