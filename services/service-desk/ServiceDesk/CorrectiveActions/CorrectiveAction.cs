namespace CrmPlatform.ServiceDesk.CorrectiveActions;

public interface IActionEvent
{
    DateTimeOffset OccurredAt { get; }
}

/// <summary>What is done so that a cause of complaints, or a theme of feedback, does not come back.</summary>
/// <param name="Title">What is done, in the words of the company; it names no customer.</param>
/// <param name="Cause">Null if it is about a theme.</param>
/// <param name="Theme">Null if it is about a cause.</param>
/// <param name="TicketId">The complaint that gave rise to it; null of one that answers many.</param>
/// <param name="Owner">Subject of who does it.</param>
/// <param name="DueAt">By when it is to be done.</param>
public sealed record ActionSet(
    string Title,
    string? Cause,
    string? Theme,
    Guid? TicketId,
    string Owner,
    DateTimeOffset DueAt,
    string By,
    DateTimeOffset OccurredAt
) : IActionEvent;

/// <param name="CheckAt">When it is seen whether the cause came back.</param>
public sealed record ActionDone(string By, DateTimeOffset CheckAt, DateTimeOffset OccurredAt) : IActionEvent;

/// <summary>Whether the cause came back, as it was known when this was found.</summary>
/// <param name="OccurredAt">The end of the days after, not the time at which the due work counted.</param>
public sealed record ActionChecked(Recurrence Found, DateTimeOffset OccurredAt) : IActionEvent;

/// <summary>A corrective action 整改措施 (ISO 10002, 8.2): set, done, and checked by whether its cause
/// or theme came back.</summary>
public sealed record CorrectiveAction : IAggregate<CorrectiveAction, IActionEvent>
{
    public static CorrectiveAction Initial { get; } = new();

    public static Stream<CorrectiveAction, IActionEvent> Of(Guid id) => new(id);

    public DateTimeOffset? SetAt { get; private init; }
    public DateTimeOffset? CheckAt { get; private init; }
    public bool Checked { get; private init; }

    public CorrectiveAction Evolve(IActionEvent @event) =>
        @event switch
        {
            ActionSet e => this with { SetAt = e.OccurredAt },
            ActionDone e => this with { CheckAt = e.CheckAt },
            ActionChecked => this with { Checked = true },
            _ => this,
        };
}
