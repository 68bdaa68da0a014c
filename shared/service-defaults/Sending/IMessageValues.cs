namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// What a room knows of its messages only when they are rendered: a value that must not be stored, like a link that opens something to
/// whoever has it, and whether the message is still wanted.
/// </summary>
public interface IMessageValues
{
    /// <returns>Values by name, none of a message that it knows nothing of; null if the message is not wanted any more, which cancels
    /// it.</returns>
    Task<IReadOnlyDictionary<string, string>?> Of(MessagePlanned plan, CancellationToken ct);
}
