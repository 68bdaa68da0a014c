namespace CrmPlatform.EventSourcing;

/// <summary>A business rule says no. Nothing was recorded.</summary>
/// <param name="code">Stable and kebab-case: clients act on it (<c>urn:crm:insufficient-points</c>).</param>
/// <param name="field">The request field to blame, where there is one.</param>
public sealed class RuleViolationException(string code, string message, string? field = null) : Exception(message)
{
    public string Code { get; } = code;
    public string? Field { get; } = field;
}

/// <summary>The caller expected another version of the stream than the one that is there.</summary>
public sealed class StaleVersionException(Guid streamId, long expected, long actual)
    : Exception($"stream {streamId} is at version {actual}, not {expected}")
{
    public Guid StreamId { get; } = streamId;
    public long Expected { get; } = expected;
    public long Actual { get; } = actual;
}

/// <summary>What a command is about is not there. Nothing was recorded.</summary>
/// <param name="what">The thing in the words of its room: <c>account</c>.</param>
public sealed class NotFoundException(string what, object id) : Exception($"There is no {what} {id}.");
