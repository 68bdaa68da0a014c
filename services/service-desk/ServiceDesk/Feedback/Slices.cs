namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>Registers this folder: what customers say, what it is about, and what becomes of suggestions.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Codebook, CodebookPublished>("codebook");
        room.Aggregate<FeedbackItem, IFeedbackEvent>("feedback");
        room.Aggregate<Coding, ICodingEvent>("feedback_coding");
        room.Inline<FeedbackList>();
        room.Due<CodeFeedback>();

        GiveFeedback.Map(room);
        PublishCodebook.Map(room);
        CorrectTheme.Map(room);
        GetFeedback.Map(room);
        GetThemes.Map(room);
        GetTrends.Map(room);
        Suggestions.Map(room);
    }
}
