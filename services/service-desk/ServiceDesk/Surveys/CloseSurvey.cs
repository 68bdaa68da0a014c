namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Closes a survey for good: nobody is invited any more, and no answer counts.</summary>
public static class CloseSurvey
{
    public static ISurveyEvent[] Decide(Survey survey, DateTimeOffset now) => survey.ClosedAt is null ? [new SurveyClosed(now)] : [];

    public static void Map(CrmService room) =>
        room.MapPost(
            "surveys/{code}/close",
            "Close a survey",
            "service-desk.surveys.write",
            async ([Code] string code, Request request, EventStore store) =>
                request.Done(
                    await store.Write(
                        request,
                        Survey.Of(code),
                        survey => survey.Exists ? Decide(survey, request.Now) : throw new NotFoundException("survey", code)
                    )
                )
        );
}
