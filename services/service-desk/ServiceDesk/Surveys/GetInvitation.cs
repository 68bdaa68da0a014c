using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>One invitation with what was answered.</summary>
/// <param name="Id">Id of the invitation.</param>
/// <param name="Survey">Code of the survey.</param>
/// <param name="SurveyVersion">Which version was asked.</param>
/// <param name="TicketId">The ticket that was solved; null of a wave.</param>
/// <param name="Wave">The round; null after a ticket.</param>
/// <param name="Reason">Why the customer was not asked; null if they were.</param>
/// <param name="Language">The language in which it is asked first; null: the customer's own, or they were not asked.</param>
/// <param name="MadeAt">When the customer was asked, or would have been.</param>
/// <param name="ExpiresAt">Until when an answer is waited for; null if the customer was not asked.</param>
/// <param name="Answers">Each answer that was given; the last one counts.</param>
/// <param name="Personal">Whether what was written is shown: to whoever has <c>personal.read</c>.</param>
public sealed record InvitationView(
    Guid Id,
    Guid CustomerId,
    string Survey,
    int SurveyVersion,
    Guid? TicketId,
    string? Wave,
    string? Reason,
    string? Language,
    DateTimeOffset MadeAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<AnswerView> Answers,
    PersonalShown Personal
);

/// <summary>One answer to a survey.</summary>
/// <param name="Coded">What was chosen.</param>
/// <param name="Texts">What was written, by question; null if nothing was, or if it is not shown.</param>
public sealed record AnswerView(DateTimeOffset OccurredAt, IReadOnlyList<CodedAnswer> Coded, IReadOnlyDictionary<string, string>? Texts);

/// <summary>What a customer answered, read from the stream: texts are decrypted for this answer and stored in no view.</summary>
public static class GetInvitation
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "invitations/{id:guid}",
                "An invitation with what was answered",
                "service-desk.surveys.read",
                async (Guid id, EventStore store, NpgsqlDataSource db, PersonalReader reader, HiddenTickets hidden, CancellationToken ct) =>
                {
                    if (View(await store.FetchStream(id, ct: ct)) is not { } invitation || await hidden.Contains(id, ct))
                        return Answer.NotFound("invitation", id);
                    var forgotten = await Customers.Standing.Own(db, invitation.CustomerId, ct) is { Forgotten: true };
                    var shown = reader.Of(forgotten);
                    if (shown != PersonalShown.Shown)
                        return Results.Ok(
                            invitation with
                            {
                                Answers = [.. invitation.Answers.Select(a => a with { Texts = null })],
                                Personal = shown,
                            }
                        );
                    await reader.Read(invitation.CustomerId);
                    return Results.Ok(invitation);
                }
            )
            .Produces<InvitationView>()
            .ShowsMoreWith(Permissions.PersonalRead, "what was written");

    /// <returns>Null if it is no invitation.</returns>
    public static InvitationView? View(IReadOnlyList<RecordedEvent> stream) =>
        stream is [{ Data: InvitationMade i } made, ..]
            ? new(
                Id: made.StreamId,
                CustomerId: i.CustomerId,
                Survey: i.Survey,
                SurveyVersion: i.Version,
                TicketId: i.TicketId,
                Wave: i.Wave,
                Reason: null,
                Language: i.Language,
                MadeAt: i.OccurredAt,
                ExpiresAt: i.ExpiresAt,
                Answers:
                [
                    .. stream
                        .Select(e => e.Data)
                        .OfType<IAnswered>()
                        .Select(a => new AnswerView(a.OccurredAt, a.Answers, a.Personal?.Value?.ByQuestion)),
                ],
                Personal: PersonalShown.Shown
            )
        : stream is [{ Data: InvitationSuppressed s } suppressed]
            ? new(
                Id: suppressed.StreamId,
                CustomerId: s.CustomerId,
                Survey: s.Survey,
                SurveyVersion: s.Version,
                TicketId: s.TicketId,
                Wave: s.Wave,
                Reason: s.Reason,
                Language: null,
                MadeAt: s.OccurredAt,
                ExpiresAt: null,
                Answers: [],
                Personal: PersonalShown.Shown
            )
        : null;
}
