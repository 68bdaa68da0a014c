using System.ComponentModel;
using System.Globalization;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>What came of the invitations of a survey.</summary>
/// <param name="Invited">Who was asked.</param>
/// <param name="NotReached">Of these, to whom the invitation could not be sent: without consent, without an address.</param>
/// <param name="Suppressed">Who was not asked, by reason.</param>
/// <param name="Finished">Who answered.</param>
/// <param name="ResponseRate">Share of those who answered among those who were asked and reached, 0 to 1 with four decimals; null if
/// nobody was.</param>
/// <param name="Questions">The questions that are answered with a number or a choice.</param>
public sealed record SurveyResults(
    long Invited,
    long NotReached,
    IReadOnlyDictionary<string, long> Suppressed,
    long Finished,
    decimal? ResponseRate,
    IReadOnlyList<QuestionResult> Questions
);

/// <summary>The answers to one question.</summary>
/// <param name="Id">Id of the question.</param>
/// <param name="Type"><c>nps</c>, <c>csat</c>, <c>ces</c> or <c>choice</c>.</param>
/// <param name="N">How many answered it.</param>
/// <param name="Distribution">How many gave which answer.</param>
/// <param name="Nps">Of nps; null below 10 answers.</param>
/// <param name="Csat">Of csat; null without answers.</param>
/// <param name="Ces">Of ces; null without answers.</param>
public sealed record QuestionResult(
    string Id,
    string Type,
    long N,
    IReadOnlyDictionary<string, long> Distribution,
    NpsFigure? Nps,
    CsatFigure? Csat,
    CesFigure? Ces
);

/// <summary>Results of a survey: response and scores of those who were invited in a period.</summary>
public static class GetResults
{
    const string Which = """
        survey_id = @survey and (@from::timestamptz is null or made_at >= @from) and (@until::timestamptz is null or made_at < @until)
            and (@version::int is null or version = @version) and (@wave::text is null or wave = @wave)
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "surveys/{code}/results",
                "Response and scores of a survey",
                "service-desk.surveys.read",
                async (
                    [Code] string code,
                    [Description("Only who was invited from here on.")] DateTimeOffset? from,
                    [Description("Only who was invited before here.")] DateTimeOffset? until,
                    [Description("Only this version of the survey.")] int? version,
                    [Description("Only this wave.")] string? wave,
                    EventStore store,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    var (survey, _) = await store.Read(Survey.Of(code), ct);
                    return survey.Exists
                        ? Results.Ok(
                            await Of(
                                db,
                                survey,
                                new(Survey.IdOf(code), from?.ToUniversalTime(), until?.ToUniversalTime(), version, wave),
                                ct
                            )
                        )
                        : Answer.NotFound("survey", code);
                }
            )
            .Produces<SurveyResults>()
            .AtOnce(4);

    internal static async Task<SurveyResults> Of(NpgsqlDataSource db, Survey survey, Filter filter, CancellationToken ct)
    {
        var states = await db.Query<StateCount>(
            $"""
            select i.state, i.reason, m.state in ('NotSent', 'Refused') and i.finished_at is null as unreached, count(*)
            from invitations i left join messages m on m.message_id = i.message_id where {Which} group by 1, 2, 3
            """,
            filter,
            ct
        );
        var answers = (
            await db.Query<AnswerCount>(
                $"""
                select question, code, count(*), count(*) filter (where place = 1) as first from survey_answers
                where {Which} group by 1, 2
                """,
                filter,
                ct
            )
        ).ToLookup(a => a.Question);
        var suppressed = states.Where(s => s.State == "suppressed").ToDictionary(s => s.Reason!, s => s.Count);
        var invited = states.Sum(s => s.Count) - suppressed.Values.Sum();
        var finished = states.Where(s => s.State == "finished").Sum(s => s.Count);
        var unreached = states.Where(s => s.Unreached == true).Sum(s => s.Count);
        return new(
            Invited: invited,
            NotReached: unreached,
            Suppressed: suppressed,
            Finished: finished,
            ResponseRate: invited == unreached ? null : Math.Round((decimal)finished / (invited - unreached), 4),
            Questions:
            [
                .. survey
                    .Versions.Reverse()
                    .SelectMany(content => content.Questions)
                    .Where(question => question.Type != SurveyQuestion.Text)
                    .DistinctBy(question => question.Id)
                    .Select(question => Result(question, [.. answers[question.Id]])),
            ]
        );
    }

    static QuestionResult Result(SurveyQuestion question, IReadOnlyList<AnswerCount> answers)
    {
        var counts = question.IsMetric() ? answers.ToDictionary(a => int.Parse(a.Code, CultureInfo.InvariantCulture), a => a.Count) : [];
        return new(
            Id: question.Id,
            Type: question.Type,
            N: answers.Sum(a => a.First),
            Distribution: question
                .Codes()
                .Concat(answers.Select(a => a.Code))
                .Distinct()
                .ToDictionary(code => code, code => answers.FirstOrDefault(a => a.Code == code)?.Count ?? 0),
            Nps: question.Type == SurveyQuestion.Nps ? NpsFigure.Of(Sum(9, 10), Sum(7, 8), Sum(0, 6)) : null,
            Csat: question.Type == SurveyQuestion.Csat ? CsatFigure.Of(counts) : null,
            Ces: question.Type == SurveyQuestion.Ces ? CesFigure.Of(counts) : null
        );

        long Sum(int least, int most) => counts.Where(c => c.Key >= least && c.Key <= most).Sum(c => c.Value);
    }

    /// <summary>Which invitations count.</summary>
    internal sealed record Filter(Guid Survey, DateTimeOffset? From, DateTimeOffset? Until, int? Version, string? Wave);

    sealed record StateCount(string State, string? Reason, bool? Unreached, long Count);

    sealed record AnswerCount(string Question, string Code, long Count, long First);
}
