namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Publishes a survey, or its next version. The same content again is no new version.</summary>
public static class PublishSurvey
{
    public static ISurveyEvent[] Decide(Survey survey, string code, SurveyContent content, DateTimeOffset now)
    {
        if (content.ClosesAt is { } closes)
            content = content with { ClosesAt = closes.ToUniversalTime() };
        if (survey.Exists && survey.Latest.SameAs(content))
            return [];
        content.Check();
        if (survey.Exists && survey.ClosedAt is not null)
            throw new RuleViolationException("survey-closed", "The survey is closed: a new one needs another code.");
        if (content.ClosesAt <= now)
            throw new RuleViolationException("closes-in-the-past", $"The survey would be closed at once; it is {now:O} now.", "closesAt");
        foreach (var (question, i) in content.Questions.Select((q, i) => (q, i)))
            if (
                survey.Versions.SelectMany(v => v.Questions).FirstOrDefault(q => q.Id == question.Id && q.Type != question.Type)
                    is { } before
                && (before.IsMetric() || question.IsMetric())
            )
                throw new RuleViolationException(
                    "meaning-changed",
                    $"{question.Id} was a question of type {before.Type}: its answers would be added up with others. Use another id.",
                    $"questions[{i}].type"
                );
        return [new SurveyPublished(code, survey.Version + 1, content, now)];
    }

    public static void Map(CrmService room) =>
        room.MapPut(
                "surveys/{code}",
                "Publish a survey, or its next version",
                "service-desk.surveys.write",
                async ([Code] string code, SurveyContent content, Request request, EventStore store) =>
                {
                    request.Creates(Survey.IdOf(code), done => done.Version == 1 ? $"/api/service-desk/surveys/{code}" : null);
                    return request.Done(await store.Write(request, Survey.Of(code), survey => Decide(survey, code, content, request.Now)));
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("language-missing", "metric-missing", "question-twice", "choices", "logic-cycle", "logic-unknown")
            .Refuses("survey-closed", "closes-in-the-past", "meaning-changed");
}
