namespace CrmPlatform.EventSourcing;

/// <summary>A business rule refuses the command. Nothing was recorded.</summary>
/// <param name="code">Stable and kebab-case: clients act on it (<c>urn:crm:insufficient-points</c>).</param>
/// <param name="field">The request field that is at fault, if it is one.</param>
public class RuleViolationException(string code, string message, string? field = null) : Exception(message)
{
    public string Code { get; } = code;
    public string? Field { get; } = field;
}

/// <summary>The stream has another version than the caller expected.</summary>
public sealed class StaleVersionException(Guid streamId, long expected, long actual)
    : Exception($"stream {streamId} is at version {actual}; the caller expected {expected}")
{
    public Guid StreamId { get; } = streamId;
    public long Expected { get; } = expected;
    public long Actual { get; } = actual;
}

/// <summary>The thing that a command is about does not exist. Nothing was recorded.</summary>
/// <param name="what">What kind of thing, in the words of its room: <c>account</c>.</param>
public sealed class NotFoundException(string what, object id) : Exception($"There is no {what} {id}.");
