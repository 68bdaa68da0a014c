namespace CrmPlatform.ServiceDefaults;

/// <summary>How far a message has come.</summary>
public enum MessageState
{
    Planned,

    /// <summary>The dialogue is going on, or its process has died.</summary>
    HandedOver,
    Accepted,
    Deferred,
    Refused,

    /// <summary>Nobody knows whether it was taken.</summary>
    InDoubt,
    NotSent,
    Cancelled,
}
