using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Feedback;

public interface IFeedbackEvent;

/// <summary>A customer said something, other than in a ticket or in a survey.</summary>
/// <param name="Source">Where, as a code: <c>review</c>, <c>call</c>, <c>suggestion</c>.</param>
public sealed record FeedbackReceived(
    Guid CustomerId,
    string Source,
    string Channel,
    DateTimeOffset OccurredAt,
    Personal<MessageText>? Personal
) : IFeedbackEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>What became of a suggestion, as its author sees it.</summary>
/// <param name="Status"><c>open</c>, <c>planned</c>, <c>started</c>, <c>done</c> or <c>declined</c>.</param>
/// <param name="Note">In the company's words; null for none.</param>
public sealed record SuggestionStatusSet(Guid CustomerId, string Status, string? Note, string By, DateTimeOffset OccurredAt)
    : IFeedbackEvent;

/// <summary>Feedback that is no ticket and no survey's answer.</summary>
public sealed record FeedbackItem : IAggregate<FeedbackItem, IFeedbackEvent>
{
    public static FeedbackItem Initial { get; } = new();

    public static Stream<FeedbackItem, IFeedbackEvent> Of(Guid id) => new(id);

    public Guid CustomerId { get; private init; }
    public string? Source { get; private init; }
    public string Status { get; private init; } = "open";
    public string? Note { get; private init; }

    public FeedbackItem Evolve(IFeedbackEvent @event) =>
        @event switch
        {
            FeedbackReceived e => this with { CustomerId = e.CustomerId, Source = e.Source },
            SuggestionStatusSet e => this with { Status = e.Status, Note = e.Note },
            _ => this,
        };
}
