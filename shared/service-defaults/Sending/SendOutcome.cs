namespace CrmPlatform.ServiceDefaults;

/// <summary>What the dialogue about a message came to.</summary>
/// <param name="State">Accepted, deferred, refused, or in doubt.</param>
/// <param name="Why">A code, where it was not accepted: <c>smtp-451</c>.</param>
public sealed record SendOutcome(MessageState State, string Why = "")
{
    public static SendOutcome Accepted { get; } = new(MessageState.Accepted);
    public static SendOutcome InDoubt { get; } = new(MessageState.InDoubt);

    public static SendOutcome Deferred(string why) => new(MessageState.Deferred, why);

    public static SendOutcome Refused(string why) => new(MessageState.Refused, why);
}
