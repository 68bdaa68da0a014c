using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrmPlatform.ServiceDesk.Customers;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Asks one customer to answer a survey, or records why not.</summary>
/// <param name="Members">All ids of the person, the customer's among them.</param>
/// <param name="UrgentComplaint">An urgent complaint of the person is open.</param>
/// <param name="TicketId">The ticket that was solved; null of a wave.</param>
/// <param name="Wave">Null after a ticket.</param>
/// <param name="Share">Of all customers whom the wave names, how many are drawn, 0 to 1.</param>
/// <param name="Told">It is told of the past: nothing is sent.</param>
sealed record Invite(
    Guid SurveyId,
    Guid CustomerId,
    IReadOnlyList<Guid> Members,
    bool UrgentComplaint,
    Guid? TicketId,
    string? Wave,
    string? Language,
    decimal Share,
    DateTimeOffset At,
    bool Told
)
{
    public Guid Id =>
        Invitation.IdOf(SurveyId, CustomerId, TicketId is { } ticket ? Invitation.AfterTicket(ticket) : Invitation.OfWave(Wave!));

    /// <summary>Nothing if this was decided before.</summary>
    /// <param name="asks">Those of all members.</param>
    public IInvitationEvent[] Decide(
        Invitation invitation,
        Survey survey,
        CustomerStanding standing,
        IReadOnlyCollection<Ask> asks,
        DeskRules rules
    )
    {
        if (invitation.Exists)
            return [];
        var content = survey.Latest;
        var relational = content.Kind == SurveyContent.Relational;
        var reason =
            standing.Forgotten ? Suppression.Forgotten
            : survey.IsClosed(At) ? Suppression.Closed
            : UrgentComplaint ? Suppression.Complaint
            : Fatigue.Reason(asks, relational, At) ?? (Drawn(survey.Code) ? null : Suppression.NotDrawn);
        return reason is not null
            ?
            [
                new InvitationSuppressed(
                    SurveyId: SurveyId,
                    Survey: survey.Code,
                    Version: survey.Version,
                    CustomerId: CustomerId,
                    TicketId: TicketId,
                    Wave: Wave,
                    Reason: reason,
                    OccurredAt: At
                ),
            ]
            :
            [
                new InvitationMade(
                    SurveyId: SurveyId,
                    Survey: survey.Code,
                    Version: survey.Version,
                    Kind: content.Kind,
                    CustomerId: CustomerId,
                    TicketId: TicketId,
                    Wave: Wave,
                    Channel: content.Channel,
                    Language: content.Language(Language ?? rules.Language),
                    RemindAt: Told ? null : rules.SurveyRemindAt(At),
                    ExpiresAt: content.ClosesAt is { } closes && closes < At + rules.SurveyExpires ? closes : At + rules.SurveyExpires,
                    OccurredAt: At
                ),
            ];
    }

    /// <param name="preview">Notes what would be decided, and nothing is recorded.</param>
    public Write Write(DeskRules rules, WavePreview? preview = null) =>
        EventSourcing.Write.To(
            Invitation.Of(Id),
            Survey.Of(SurveyId),
            CustomerStanding.Of(CustomerId),
            Message.Of(InvitationMessage.IdOf(Id)),
            [.. Members.Prepend(CustomerId).Distinct().Select(AskedCustomer.Of)],
            (invitation, survey, standing, message, asked) =>
            {
                Ask[] asks = [.. asked.SelectMany(a => a.State.Asks), .. preview?.AsksBefore(this) ?? []];
                var facts = Decide(invitation.State, survey.State, standing.State, asks, rules);
                if (preview is not null)
                {
                    preview.Note(this, facts);
                    return;
                }
                invitation.Append(facts);
                if (facts is not [InvitationMade made])
                    return;
                asked[0].Append(new CustomerAsked(Id, made.Kind == SurveyContent.Relational, At));
                if (!Told)
                    message.Append(message.State.Decide(InvitationMessage.First(Id, made)));
            }
        );

    /// <summary>The same customers are drawn whenever a wave is sent again.</summary>
    bool Drawn(string survey)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{survey}:{Wave}:{CustomerId}"));
        return BitConverter.ToUInt32(hash) / (decimal)uint.MaxValue < Share || Share == 1;
    }
}
