using System.ComponentModel;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>An invitation in the list.</summary>
public sealed record InvitationRow
{
    /// <summary>Id of the invitation.</summary>
    public Guid InvitationId { get; init; }

    /// <summary>Which version of the survey was asked.</summary>
    public int SurveyVersion { get; init; }
    public Guid CustomerId { get; init; }

    /// <summary>The ticket that was solved; null of a wave.</summary>
    public Guid? TicketId { get; init; }

    /// <summary>The round; null after a ticket.</summary>
    public string? Wave { get; init; }

    /// <summary>
    /// <c>made</c>, <c>reminded</c>, <c>finished</c>, <c>expired</c>, <c>suppressed</c>, or <c>ended</c>: the customer was forgotten.
    /// </summary>
    public string State { get; init; } = "";

    /// <summary>Why it was suppressed.</summary>
    public string? Reason { get; init; }

    /// <summary>What became of the message that invites; null where none was to be sent.</summary>
    public MessageState? Sending { get; init; }

    /// <summary>Why that was not accepted: <c>no-consent</c>.</summary>
    public string? SendingReason { get; init; }

    /// <summary>When the customer was asked, or would have been.</summary>
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>Until when an answer is waited for; null of a suppressed one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was answered first.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The answer to the metric question.</summary>
    public int? Score { get; init; }
}

/// <summary>Who was invited to a survey and who was not, and what came of it; newest first.</summary>
public static class GetInvitations
{
    static readonly string[] states = ["made", "reminded", "finished", "expired", "suppressed", "ended"];

    public static void Map(CrmService room) =>
        room.MapGet(
            "surveys/{code}/invitations",
            "List the invitations to a survey, newest first",
            "service-desk.surveys.read",
            async (
                [Code] string code,
                [Description("Only made, reminded, finished, expired, suppressed or ended.")] string? state,
                Guid? customer,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                HiddenTickets hidden,
                CancellationToken ct
            ) =>
            {
                QueryWord.OneOf("state", state, states);
                var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                var rows = await db.Query<InvitationRow>(
                    """
                    select i.invitation_id, i.version as survey_version, i.customer_id, i.ticket_id, i.wave, i.state, i.reason,
                        m.state as sending, m.reason as sending_reason, i.made_at, i.expires_at, i.finished_at, i.score
                    from invitations i left join messages m on m.message_id = i.message_id
                    where i.survey_id = @survey and (@state::text is null or i.state = @state)
                        and (@customer::uuid is null or i.customer_id = @customer) and i.invitation_id <> all(@hidden)
                        and (@at::timestamptz is null or (i.made_at, i.invitation_id) < (@at, @id))
                    order by i.made_at desc, i.invitation_id desc limit @size + 1
                    """,
                    new
                    {
                        survey = Survey.IdOf(code),
                        state,
                        customer,
                        hidden = await hidden.Ids(ct),
                        at,
                        id,
                        size,
                    },
                    ct
                );
                return Page.Of(rows, size, row => TimeCursor.Of(row.MadeAt, row.InvitationId));
            }
        );
}
