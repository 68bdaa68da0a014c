using CrmPlatform.Segmentation.Definitions;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>A run in short.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="AsOf">Business day at whose end it measured the population.</param>
/// <param name="View"><c>decision</c> (what had happened by the end of the day) or <c>corrected</c> (with the returns that came
/// later).</param>
/// <param name="MeasuredBy">Code of the definition that it measured by: <c>default</c> is the built-in one.</param>
/// <param name="Customers">Customers with at least one net order in the definition's window.</param>
/// <param name="Publishes">Whether customers take their scores and grades from it.</param>
/// <param name="ScoredAt">When it measured.</param>
/// <param name="PublishedAt">When all customers had taken theirs; null until then, and for a run that does not publish.</param>
/// <param name="CustomersChanged">How many customers it changed; null until it is published.</param>
public sealed record RunSummary(
    Guid Id,
    DateOnly AsOf,
    [property: OneOf("decision", "corrected")] string View,
    string MeasuredBy,
    int Customers,
    bool Publishes,
    DateTimeOffset ScoredAt,
    DateTimeOffset? PublishedAt,
    int? CustomersChanged
);

/// <summary>The cut-off values of a run: four for each score.</summary>
/// <param name="Recency">Score k + 1 needs a last order later than the k-th of these days.</param>
/// <param name="Frequency">Score k + 1 needs more net orders than the k-th of these.</param>
/// <param name="Monetary">Score k + 1 needs more net revenue than the k-th of these amounts.</param>
/// <param name="Currency">Currency of the amounts: the base currency, ISO 4217.</param>
public sealed record Thresholds(
    IReadOnlyList<DateOnly> Recency,
    IReadOnlyList<long> Frequency,
    IReadOnlyList<decimal> Monetary,
    string Currency
);

/// <summary>Means over the population, by which the eight types are told apart.</summary>
/// <param name="RecencyDays">Whole days since the last net order.</param>
/// <param name="Orders">Net orders.</param>
/// <param name="Revenue">Net revenue in the base currency.</param>
public sealed record Means(decimal RecencyDays, decimal Orders, decimal Revenue);

/// <summary>What a grade needs: net revenue in the base currency, or net orders where the definition shares out those.</summary>
/// <param name="A">For grade A; null where nobody reached it.</param>
/// <param name="B">For grade B; null where nobody reached it.</param>
public sealed record AbcThresholds(decimal? A, decimal? B);

/// <summary>A run with what it measured.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="AsOf">Business day at whose end it measured the population.</param>
/// <param name="View"><c>decision</c> or <c>corrected</c>.</param>
/// <param name="Definition">The definitions that it was computed with: <c>rfm-1 window=all zone=Asia/Shanghai grid-1
/// abc-0.8/0.95</c>, or code, version and zone.</param>
/// <param name="MeasuredBy">The definition in the version that it was computed with.</param>
/// <param name="Customers">Customers with at least one net order.</param>
/// <param name="Publishes">Whether customers take their scores and grades from it.</param>
/// <param name="ScoredAt">When it measured.</param>
/// <param name="PublishedAt">When all customers had taken theirs; null until then, and for a run that does not publish.</param>
/// <param name="CustomersChanged">How many customers it changed; null until it is published.</param>
/// <param name="Purchases">Purchases that it counted.</param>
/// <param name="Returns">Returns that it counted.</param>
/// <param name="Thresholds">Its cut-off values.</param>
/// <param name="Means">Its means.</param>
/// <param name="Abc">Where its grades begin.</param>
/// <param name="Counts">How many customers it found to be what.</param>
/// <param name="Standing">How many of its customers had which ABC grade when all had taken theirs: one that the run before has not found
/// waits for the next. Null until it is published.</param>
public sealed record RunView(
    Guid Id,
    DateOnly AsOf,
    [property: OneOf("decision", "corrected")] string View,
    string Definition,
    RunDefinition MeasuredBy,
    int Customers,
    bool Publishes,
    DateTimeOffset ScoredAt,
    DateTimeOffset? PublishedAt,
    int? CustomersChanged,
    long Purchases,
    long Returns,
    Thresholds Thresholds,
    Means Means,
    AbcThresholds Abc,
    Counts Counts,
    IReadOnlyDictionary<string, int>? Standing
);
