namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>What a wave would do: later customers are decided as if the earlier had been asked.</summary>
sealed class WavePreview(IReadOnlyList<Invite> wave)
{
    readonly Dictionary<Invite, IInvitationEvent[]> decided = [];

    public IInvitationEvent[] Of(Invite invite) => decided[invite];

    public void Note(Invite invite, IInvitationEvent[] facts) => decided[invite] = facts;

    /// <summary>What the same person would have been asked by what is earlier in the wave.</summary>
    public IEnumerable<Ask> AsksBefore(Invite invite) =>
        from earlier in wave.TakeWhile(other => other != invite)
        where invite.Members.Contains(earlier.CustomerId)
        from made in decided[earlier].OfType<InvitationMade>()
        select new Ask(earlier.Id, made.Kind == SurveyContent.Relational, made.OccurredAt);
}
