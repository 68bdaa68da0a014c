using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Feedback;
using CrmPlatform.ServiceDesk.Loops;
using CrmPlatform.ServiceDesk.Surveys;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk;

/// <summary>Translates the facts that are published into contracts. Codes and times only; never text that a person wrote.</summary>
public static class ServiceDeskFeed
{
    public static OutgoingFact? Translate(RecordedEvent e)
    {
        var id = e.StreamId;
        return e.Data switch
        {
            TicketOpened f => new(
                f.CustomerId,
                new Contracts.TicketOpened(
                    CustomerId: f.CustomerId,
                    TicketId: id,
                    Kind: f.Kind,
                    Category: f.Category,
                    Priority: f.Priority,
                    Channel: f.Channel,
                    FirstResponseDueAt: f.FirstResponseDueAt,
                    ResolutionDueAt: f.ResolutionDueAt,
                    OccurredAt: f.OccurredAt,
                    Severity: f.Severity
                ),
                f.OccurredAt
            ),
            TicketAssigned f => new(f.CustomerId, new Contracts.TicketAssigned(f.CustomerId, id, f.Agent, f.OccurredAt), f.OccurredAt),
            TicketReplied f => new(
                f.CustomerId,
                new Contracts.TicketReplied(f.CustomerId, id, f.By, f.Channel, f.FirstResponse, f.OccurredAt, f.Automatic),
                f.OccurredAt
            ),
            TicketWaiting f => new(f.CustomerId, new Contracts.TicketWaiting(f.CustomerId, id, f.OccurredAt), f.OccurredAt),
            TicketResolved f => new(
                f.CustomerId,
                new Contracts.TicketResolved(f.CustomerId, id, f.Outcome, f.Cause, (int)f.Used.TotalMinutes, f.OccurredAt),
                f.OccurredAt
            ),
            TicketReopened f => new(f.CustomerId, new Contracts.TicketReopened(f.CustomerId, id, f.Reason, f.OccurredAt), f.OccurredAt),
            TicketClosed f => new(f.CustomerId, new Contracts.TicketClosed(f.CustomerId, id, f.OccurredAt), f.OccurredAt),
            SlaBreached f => new(f.CustomerId, new Contracts.SlaBreached(f.CustomerId, id, f.Clock, f.OccurredAt), f.OccurredAt),
            BreachExcused f => new(
                f.CustomerId,
                new Contracts.BreachExcused(f.CustomerId, id, f.Clock, f.BreachedAt, f.OccurredAt),
                f.OccurredAt
            ),
            Escalated f => new(
                f.CustomerId,
                new Contracts.Escalated(f.CustomerId, id, f.Clock, f.Step, f.Notify, f.OccurredAt),
                f.OccurredAt
            ),
            ComplaintDecided f => new(
                f.CustomerId,
                new Contracts.ComplaintDecided(
                    CustomerId: f.CustomerId,
                    TicketId: id,
                    Outcome: f.Outcome,
                    Cause: f.Cause,
                    Severity: f.Severity,
                    BusinessMinutes: (int)f.Used.TotalMinutes,
                    OccurredAt: f.OccurredAt
                ),
                f.OccurredAt
            ),
            CompensationGranted { GivenBefore: false } f => new(
                f.CustomerId,
                new Contracts.CompensationGranted(
                    CustomerId: f.CustomerId,
                    TicketId: id,
                    Kind: f.Kind,
                    OccurredAt: f.OccurredAt,
                    Points: f.Currency is null ? (long)f.Amount : null,
                    Amount: f.Currency is null ? null : f.Amount,
                    Currency: f.Currency
                ),
                f.OccurredAt
            ),
            SatisfactionAnswered f => new(
                f.CustomerId,
                new Contracts.SurveyAnswered(
                    CustomerId: f.CustomerId,
                    TicketId: id,
                    Metric: SurveyQuestion.Csat,
                    Score: f.Score,
                    OccurredAt: f.OccurredAt,
                    Survey: f.Survey,
                    Version: f.SurveyVersion,
                    InvitationId: f.Invitation,
                    Replaces: f.Replaces
                ),
                f.OccurredAt
            ),
            IAnswered { Score: { } score, TicketTells: false } f when score != f.Replaces => new(
                f.CustomerId,
                new Contracts.SurveyAnswered(
                    CustomerId: f.CustomerId,
                    TicketId: f.TicketId ?? Guid.Empty,
                    Metric: f.Metric,
                    Score: score,
                    OccurredAt: f.OccurredAt,
                    Survey: f.Survey,
                    Version: f.Version,
                    InvitationId: id,
                    Replaces: f.Replaces
                ),
                f.OccurredAt
            ),
            FeedbackCoded { Again: false } f => new(
                f.CustomerId,
                new Contracts.FeedbackReceived(f.CustomerId, f.FeedbackId, f.Source, f.Themes, f.SaidAt),
                f.SaidAt
            ),
            LoopOverdue f => new(f.CustomerId, new Contracts.LoopOverdue(f.CustomerId, id, f.Owner, f.OccurredAt), f.OccurredAt),
            LoopClosed f => new(
                f.CustomerId,
                new Contracts.LoopClosed(f.CustomerId, id, f.Outcome, (int)f.Used.TotalMinutes, f.OccurredAt),
                f.OccurredAt
            ),
            PersonalDataErased f => new(id, new Contracts.PersonalDataErased(id, f.KeysDestroyed, f.OccurredAt), f.OccurredAt),
            _ => null,
        };
    }
}
