using System.Text.RegularExpressions;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// One message to one customer. It is recorded as handed over before the dialogue with whoever takes it, so it leaves at most once for each
/// attempt; an attempt whose outcome nobody recorded within <see cref="Lease"/> is in doubt.
/// </summary>
/// <param name="Plan">Null where it was never planned.</param>
/// <param name="Attempts">How often it was handed over.</param>
/// <param name="Deferrals">How often it was deferred.</param>
/// <param name="Doubts">How many attempts are in doubt.</param>
/// <param name="NextAt">When it is due for what comes next.</param>
public sealed partial record Message(
    MessagePlanned? Plan,
    MessageState State,
    int Attempts,
    int Deferrals,
    int Doubts,
    DateTimeOffset NextAt
) : IAggregate<Message, IMessageEvent>
{
    /// <summary>How long an attempt may be without an outcome.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(120);

    static readonly TimeSpan[] pauses =
    [
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(6),
        TimeSpan.FromDays(1),
    ];

    public static Message Initial { get; } = new(null, default, 0, 0, 0, default);

    public static Stream<Message, IMessageEvent> Of(Guid id) => new(id);

    /// <summary>The id of the message that something causes: planned twice it is one message.</summary>
    /// <param name="cause">What causes it: <c>care</c> and the id of the greeting. Nothing personal.</param>
    public static Guid IdOf(params ReadOnlySpan<string> cause) => NameId.For(["message", .. cause]);

    /// <summary>Whether it waits to be sent.</summary>
    public bool Waits => Plan is not null && State is MessageState.Planned or MessageState.Deferred;

    public Message Evolve(IMessageEvent @event) =>
        @event switch
        {
            MessagePlanned e => this with { Plan = e, State = MessageState.Planned, NextAt = e.NotBefore },
            HandedOver e => this with { State = MessageState.HandedOver, Attempts = e.Attempt, NextAt = e.At + Lease },
            MessageAccepted => this with { State = MessageState.Accepted },
            MessageDeferred e => this with { State = MessageState.Deferred, Deferrals = Deferrals + 1, NextAt = e.Until },
            MessageRefused => this with { State = MessageState.Refused },
            MessageInDoubt e => this with { State = MessageState.InDoubt, Doubts = Doubts + 1, NextAt = e.At },
            MessageNotSent => this with { State = MessageState.NotSent },
            MessageCancelled => this with { State = MessageState.Cancelled },
            _ => this,
        };

    /// <summary>Plans the message, once.</summary>
    public static Write Planned(Guid id, MessagePlanned plan) => Write.To(Of(id), message => message.Decide(plan)).WhereNothingLasts();

    /// <summary>The same as part of a decision about several streams.</summary>
    /// <exception cref="ArgumentException">A purpose, channel or template that is no code, or a value that is no code or id.</exception>
    public IMessageEvent[] Decide(MessagePlanned plan)
    {
        foreach (var code in new[] { plan.Purpose, plan.Channel, plan.Template })
            if (!new CodeAttribute().IsValid(code))
                throw new ArgumentException($"'{code}' must be a code of lower-case letters, digits and hyphens", nameof(plan));
        foreach (var (name, value) in plan.Values)
            if (!Value().IsMatch(value))
                throw new ArgumentException($"the value {name} must be a code or an id, at most 200 characters", nameof(plan));
        return Plan is null ? [plan] : [];
    }

    /// <summary>Takes back what was not handed over yet.</summary>
    public IMessageEvent[] Cancel(string reason, DateTimeOffset now) => Waits ? [new MessageCancelled(reason, now)] : [];

    /// <summary>It is not sent. What is in doubt stays so, and is not repeated any more.</summary>
    public IMessageEvent[] NotSend(string reason, DateTimeOffset now) =>
        Waits ? [new MessageNotSent(reason, now)]
        : IsRepeatable ? [new MessageInDoubt(Attempts, now)]
        : [];

    /// <param name="repeats">Whether an attempt in doubt may be repeated once.</param>
    public IMessageEvent[] HandOver(string noticeVersion, DateTimeOffset now, bool repeats) =>
        Plan is not null && now < Plan.Until && NextAt <= now && (Waits || repeats && IsRepeatable)
            ? [new HandedOver(Attempts + 1, noticeVersion, now)]
            : [];

    /// <summary>What an attempt came to; an answer that comes after the lease settles the doubt.</summary>
    public IMessageEvent[] Settle(int attempt, SendOutcome outcome, DateTimeOffset now) =>
        attempt != Attempts || State is not (MessageState.HandedOver or MessageState.InDoubt)
            ? []
            : outcome.State switch
            {
                MessageState.Accepted => [new MessageAccepted(attempt, now)],
                MessageState.Refused => [new MessageRefused(attempt, outcome.Why, now)],
                MessageState.Deferred => [new MessageDeferred(attempt, now + pauses[Math.Min(Deferrals, 4)], outcome.Why, now)],
                _ when State == MessageState.HandedOver => [new MessageInDoubt(attempt, now)],
                _ => [],
            };

    /// <summary>What comes by time alone, dated at the instant when it was due; and by the customer's erasure.</summary>
    public IMessageEvent[] PassTime(DateTimeOffset now, bool forgotten) =>
        State == MessageState.HandedOver && NextAt <= now ? [new MessageInDoubt(Attempts, NextAt)]
        : forgotten && Waits ? Cancel(NotSentReasons.Forgotten, now)
        : Waits && Plan!.Until <= now ? [new MessageNotSent(NotSentReasons.TooLate, Plan.Until)]
        : [];

    bool IsRepeatable => State == MessageState.InDoubt && Doubts == 1;

    [GeneratedRegex(@"^[A-Za-z0-9._~:/+=-]{0,200}\z")]
    private static partial Regex Value();
}
