namespace CrmPlatform.ServiceDefaults;

/// <summary>What happens to one message to one customer. No fact holds an address, a name or a text.</summary>
public interface IMessageEvent;

/// <summary>A message is to be sent.</summary>
/// <param name="Purpose">The purpose for which the customer must have consented on the channel: <c>marketing</c>.</param>
/// <param name="Channel">The way to reach them: <c>email</c>, <c>sms</c>.</param>
/// <param name="Template">Code of the template that is rendered when it is sent.</param>
/// <param name="Language">A BCP 47 tag; null for the language of the customer's profile.</param>
/// <param name="Values">Codes and ids that the template shows, by name. No text of or about a person.</param>
/// <param name="NotBefore">It is not sent earlier.</param>
/// <param name="Until">From then on it is not worth sending.</param>
public sealed record MessagePlanned(
    Guid CustomerId,
    string Purpose,
    string Channel,
    string Template,
    string? Language,
    IReadOnlyDictionary<string, string> Values,
    DateTimeOffset NotBefore,
    DateTimeOffset Until
) : IMessageEvent;

/// <summary>Recorded before the dialogue with whoever takes the message: from here on it may have left.</summary>
/// <param name="Attempt">1 for the first.</param>
/// <param name="NoticeVersion">Version of the privacy notice under which consent stood when it was cleared.</param>
public sealed record HandedOver(int Attempt, string NoticeVersion, DateTimeOffset At) : IMessageEvent;

/// <summary>The next on its way took it.</summary>
public sealed record MessageAccepted(int Attempt, DateTimeOffset At) : IMessageEvent;

/// <summary>It was not taken for now.</summary>
/// <param name="Until">When it is tried again.</param>
/// <param name="Why">A code: <c>smtp-451</c>, <c>http-503</c>, <c>unreachable</c>.</param>
public sealed record MessageDeferred(int Attempt, DateTimeOffset Until, string Why, DateTimeOffset At) : IMessageEvent;

/// <summary>It was refused for good.</summary>
/// <param name="Why">A code: <c>smtp-550</c>, <c>http-410</c>.</param>
public sealed record MessageRefused(int Attempt, string Why, DateTimeOffset At) : IMessageEvent;

/// <summary>Nobody knows whether it was taken: the answer was lost, or the process ended before it was recorded.</summary>
public sealed record MessageInDoubt(int Attempt, DateTimeOffset At) : IMessageEvent;

/// <param name="Reason">One of <see cref="NotSentReasons"/>.</param>
public sealed record MessageNotSent(string Reason, DateTimeOffset At) : IMessageEvent;

/// <param name="Reason">Why the room took it back: <c>forgotten</c>, or a code of the planner's.</param>
public sealed record MessageCancelled(string Reason, DateTimeOffset At) : IMessageEvent;

/// <summary>Why a message was not sent.</summary>
public static class NotSentReasons
{
    public const string NoConsent = "no-consent",
        Forgotten = "forgotten",
        NoAddress = "no-address",
        UnknownCustomer = "unknown-customer",
        TooLate = "too-late",
        NoTemplate = "no-template",
        NoWay = "no-way";
}
