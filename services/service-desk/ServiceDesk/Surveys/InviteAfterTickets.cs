namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>
/// Invites customers some time after a ticket of theirs was solved and did not come back, dated at that instant. What was solved before the
/// survey was published, or so long ago that the invitation would have expired, is not asked about.
/// </summary>
public sealed class InviteAfterTickets(DeskOptions options, DeskRules rules) : IDueWork
{
    public string Name => "invite-after-tickets";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var solved = (
            await connection.QueryAsync<Solved>(
                new(
                    """
                    select s.survey_id, t.ticket_id, t.customer_id, t.resolved_at
                    from surveys s join ticket_list t on t.resolved_at >= s.first_at
                    where s.after_ticket and coalesce(least(s.closed_at, s.closes_at), 'infinity') > @now
                        and t.resolved_at <= @until and t.resolved_at > @from and not exists (
                            select 1 from invitations i where i.ticket_id = t.ticket_id and i.survey_id = s.survey_id)
                    order by t.resolved_at
                    """,
                    new
                    {
                        now,
                        until = now - rules.SurveyAfter,
                        from = now - rules.SurveyAfter - rules.SurveyExpires,
                    },
                    cancellationToken: ct
                )
            )
        ).AsList();
        var persons = await Person.Of(connection, solved.Select(s => s.CustomerId), ct);
        return solved.Select(s =>
            new Invite(
                SurveyId: s.SurveyId,
                CustomerId: s.CustomerId,
                Members: persons[s.CustomerId].Members,
                UrgentComplaint: persons[s.CustomerId].UrgentComplaint,
                TicketId: s.TicketId,
                Wave: null,
                Language: null,
                Share: 1,
                At: s.ResolvedAt + rules.SurveyAfter,
                Told: false
            ).Write(rules)
        );
    }

    sealed record Solved(Guid SurveyId, Guid TicketId, Guid CustomerId, DateTimeOffset ResolvedAt);
}
