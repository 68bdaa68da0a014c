namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>
/// Makes the token of the link when a message is rendered, so that it is stored nowhere. Who has answered meanwhile, or whose survey is
/// closed, is sent nothing.
/// </summary>
sealed class InvitationValues(EventStore store, SurveyLink links, TimeProvider clock) : IMessageValues
{
    public async Task<IReadOnlyDictionary<string, string>?> Of(MessagePlanned plan, CancellationToken ct)
    {
        if (plan.Purpose != InvitationMessage.Purpose)
            return new Dictionary<string, string>();
        var id = Guid.Parse(plan.Values[InvitationMessage.InvitationId]);
        var (invitation, _) = await store.Read(Invitation.Of(id), ct);
        var (survey, _) = await store.Read(Survey.Of(plan.Values[InvitationMessage.Survey]), ct);
        return invitation.FinishedAt is not null || survey.IsClosed(clock.GetUtcNow())
            ? null
            : new Dictionary<string, string> { [InvitationMessage.Token] = links.TokenOf(id) };
    }
}
