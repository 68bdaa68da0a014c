using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>
/// Answers an invitation for its customer, or changes the answer within 24 hours. It counts until the survey closes, also after the
/// invitation has expired.
/// </summary>
/// <param name="Answers">What is answered; what is left out is not answered.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the invitation or an earlier answer, not in the future.</param>
public sealed record AnswerSurvey([property: Required, Length(1, 30)] IReadOnlyList<GivenAnswer> Answers, DateTimeOffset? OccurredAt = null)
{
    /// <param name="ticket">The one that it was about, as it is now; null if it was about none.</param>
    /// <returns>Nothing if this was answered before.</returns>
    /// <exception cref="RuleViolationException">The survey is closed, the link used up, or an answer is none.</exception>
    public IInvitationEvent[] Decide(Guid id, Invitation invitation, Survey survey, bool forgotten, Ticket? ticket, DateTimeOffset at)
    {
        if (forgotten)
            throw new RuleViolationException("customer-forgotten", "The customer was forgotten.");
        if (survey.IsClosed(at))
            throw new RuleViolationException("survey-closed", "The survey is closed.");
        if (invitation.IsSpent(at))
            throw new RuleViolationException("token-spent", "The survey was answered, and the time to change the answer is over.");
        var made = invitation.Made!;
        var content = survey.Versions[made.Version - 1];
        var sheet = AnswerSheet.Of(content, Answers);
        if (sheet.Faults is [{ Why: var why }, ..])
            throw why;
        var (metric, score) = (content.MetricQuestion().Type, ScoreOf(content, sheet));
        var texts = sheet.Texts.Count == 0 ? null : Personal.Of(made.CustomerId, new AnswerTexts(sheet.Texts));
        var rates = metric == SurveyQuestion.Csat && score is not null && ticket?.ResolvedAt is not null;
        if (invitation.FinishedAt is null)
            return
            [
                .. invitation.DueBy(at),
                new SurveyFinished(
                    Survey: made.Survey,
                    Version: made.Version,
                    CustomerId: made.CustomerId,
                    TicketId: made.TicketId,
                    Metric: metric,
                    Score: score,
                    TicketTells: rates && !ticket!.SatisfactionAnswered,
                    Answers: sheet.Coded,
                    OccurredAt: at,
                    Personal: texts
                ),
            ];
        return Same(invitation.Answers, sheet.Coded) && invitation.Wrote(sheet.Texts)
            ? []
            :
            [
                new AnswerRevised(
                    Survey: made.Survey,
                    Version: made.Version,
                    CustomerId: made.CustomerId,
                    TicketId: made.TicketId,
                    Metric: metric,
                    Score: score,
                    Replaces: invitation.Score,
                    TicketTells: rates && ticket!.RatedBy == id,
                    Answers: sheet.Coded,
                    OccurredAt: at,
                    Personal: texts
                ),
            ];
    }

    /// <exception cref="NotFoundException">Nobody was asked with this id.</exception>
    public async Task<WriteResult> Write(Guid id, Request request, EventStore store)
    {
        var (asked, _) = await store.Read(Invitation.Of(id), request.Cancelled);
        if (asked.Made is not { } made)
            throw new NotFoundException("invitation", id);
        return await store.Write(
            request,
            EventSourcing.Write.To(
                Invitation.Of(id),
                Survey.Of(made.SurveyId),
                CustomerStanding.Of(made.CustomerId),
                AskedCustomer.Of(made.CustomerId),
                (Stream<Ticket, ITicketEvent>[])(made.TicketId is { } about ? [Ticket.Of(about)] : []),
                (invitation, survey, standing, person, tickets) =>
                {
                    var (at, ticket) = (Moment(invitation.State, request.Now), tickets.Select(t => t.State).FirstOrDefault());
                    var facts = Decide(id, invitation.State, survey.State, standing.State.Forgotten, ticket, at);
                    invitation.Append(facts);
                    if (facts.OfType<SurveyFinished>().Any())
                        person.Append(new CustomerAnswered(id, at));
                    foreach (var rated in tickets)
                        rated.Append(Rate(id, facts, rated.State, at));
                }
            )
        );
    }

    /// <summary>The satisfaction with a ticket that the answer is.</summary>
    static IEnumerable<ITicketEvent> Rate(Guid id, IInvitationEvent[] facts, Ticket ticket, DateTimeOffset at)
    {
        SatisfactionAnswered? rated = facts.LastOrDefault() switch
        {
            SurveyFinished { TicketTells: true } e => new(e.CustomerId, e.Score!.Value, at, e.Survey, e.Version, id),
            AnswerRevised { TicketTells: true } e when e.Score != e.Replaces => new(
                e.CustomerId,
                e.Score!.Value,
                at,
                e.Survey,
                e.Version,
                id,
                e.Replaces
            ),
            _ => null,
        };
        if (rated is null)
            return [];
        // A note may have been added since it was answered.
        if (rated.OccurredAt < ticket.LastAt)
            rated = rated with { OccurredAt = ticket.LastAt };
        return [.. ticket.DueBefore(rated.OccurredAt), rated];
    }

    DateTimeOffset Moment(Invitation invitation, DateTimeOffset now)
    {
        if (OccurredAt is null)
            return now > invitation.LastAt ? now : invitation.LastAt;
        var at = Clocks.Told(OccurredAt, now);
        return at >= invitation.LastAt
            ? at
            : throw new RuleViolationException(
                "before-last-event",
                $"occurredAt is before the invitation or the answer before, {invitation.LastAt:O}.",
                "occurredAt"
            );
    }

    static int? ScoreOf(SurveyContent content, AnswerSheet sheet) =>
        sheet.Coded.FirstOrDefault(a => a.Question == content.Metric) is { } answer
            ? int.Parse(answer.Codes[0], System.Globalization.CultureInfo.InvariantCulture)
            : null;

    static bool Same(IReadOnlyList<CodedAnswer> before, IReadOnlyList<CodedAnswer> now) =>
        before.Count == now.Count
        && before.Zip(now).All(p => p.First.Question == p.Second.Question && p.First.Codes.SequenceEqual(p.Second.Codes));

    public static void Map(CrmService room) =>
        room.MapPost(
                "invitations/{id:guid}/answer",
                "Answer a survey for the customer who was invited",
                "service-desk.customer",
                async (Guid id, AnswerSurvey command, Request request, EventStore store) =>
                    request.Done(await command.Write(id, request, store))
            )
            .Refuses("in-the-future", "before-last-event", "customer-forgotten", "survey-closed", "token-spent")
            .Refuses("question-unknown", "answered-twice", "answer-required", "answer-out-of-range", "text-too-long");
}
