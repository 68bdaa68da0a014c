namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Reminds once who has not answered, and ends what nobody answers; each dated at its own instant.</summary>
public sealed class InvitationClock(DeskOptions options) : IDueWork
{
    public string Name => "invitations";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        (
            await connection.QueryAsync<Row>(
                new(
                    """
                    select i.invitation_id, i.survey_id from invitations i join surveys s using (survey_id)
                    where i.look_at <= @now
                        and (i.expires_at <= @now or coalesce(least(s.closed_at, s.closes_at), 'infinity') > @now)
                    order by i.look_at
                    """,
                    new { now },
                    cancellationToken: ct
                )
            )
        ).Select(row =>
            Write.To(
                Invitation.Of(row.InvitationId),
                Survey.Of(row.SurveyId),
                Message.Of(InvitationMessage.IdOfReminder(row.InvitationId)),
                (invitation, survey, message) =>
                {
                    IInvitationEvent[] facts = [.. Decide(invitation.State, survey.State, now)];
                    if (facts is [InvitationReminded reminded, ..])
                        message.Append(
                            message.State.Decide(InvitationMessage.Reminder(row.InvitationId, invitation.State.Made!, reminded.OccurredAt))
                        );
                    invitation.Append(facts);
                }
            )
        );

    public static IEnumerable<IInvitationEvent> Decide(Invitation invitation, Survey survey, DateTimeOffset now)
    {
        if (
            invitation is { Made: { RemindAt: { } remindAt } made, Reminded: false, FinishedAt: null }
            && remindAt <= now
            && now < made.ExpiresAt
            && !survey.IsClosed(now)
        )
            yield return new InvitationReminded(made.CustomerId, remindAt);
        foreach (var due in invitation.DueBy(now))
            yield return due;
    }

    sealed record Row(Guid InvitationId, Guid SurveyId);
}
