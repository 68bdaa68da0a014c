namespace CrmPlatform.ServiceDefaults;

/// <summary>What a room declares that sends messages to customers.</summary>
public sealed partial class CrmService
{
    /// <summary>
    /// The room sends messages to customers: <see cref="Message.Planned"/> plans one. It keeps personal data, and forgets in its own facts
    /// whom customers forgets.
    /// </summary>
    public CrmService Sends()
    {
        Aggregate<Message, IMessageEvent>("message");
        Inline<MessagesView>();
        Due<PassMessageTime>();
        GetMessages.Map(this);
        return this;
    }
}
