namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>A survey as it was published last.</summary>
/// <param name="Code">Names it.</param>
/// <param name="Number">The number of this version, 1 for the first.</param>
/// <param name="Content">What it asks.</param>
/// <param name="Closed">Nobody is invited any more, and no answer counts.</param>
/// <param name="Version">Version of it: the ETag of its GET, which If-Match takes.</param>
public sealed record SurveyView(string Code, int Number, SurveyContent Content, bool Closed, long Version);

/// <summary>What a survey asks.</summary>
public static class GetSurvey
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "surveys/{code}",
                "What a survey asks, as it was published last",
                "service-desk.surveys.read",
                async ([Code] string code, HttpContext http, EventStore store, TimeProvider clock, CancellationToken ct) =>
                {
                    var (survey, version) = await store.Read(Survey.Of(code), ct);
                    if (!survey.Exists)
                        return Answer.NotFound("survey", code);
                    http.Response.Headers.ETag = $"\"{version}\"";
                    return Results.Ok(new SurveyView(code, survey.Version, survey.Latest, survey.IsClosed(clock.GetUtcNow()), version));
                }
            )
            .Produces<SurveyView>();
}
