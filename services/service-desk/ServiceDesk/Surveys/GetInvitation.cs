namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>One invitation with what was answered.</summary>
/// <param name="Id">Id of the invitation.</param>
/// <param name="Survey">Code of the survey.</param>
/// <param name="SurveyVersion">Which version was asked.</param>
/// <param name="TicketId">The ticket that was solved; null of a wave.</param>
/// <param name="Wave">The round; null after a ticket.</param>
/// <param name="Language">The language in which it is asked first.</param>
/// <param name="MadeAt">When the customer was asked.</param>
/// <param name="ExpiresAt">Until when an answer is waited for.</param>
/// <param name="Answers">Each answer that was given; the last one counts.</param>
/// <param name="Personal">Whether what was written is shown: to whoever has <c>personal.read</c>.</param>
public sealed record InvitationView(
    Guid Id,
    Guid CustomerId,
    string Survey,
    int SurveyVersion,
    Guid? TicketId,
    string? Wave,
    string Language,
    DateTimeOffset MadeAt,
    DateTimeOffset ExpiresAt,
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
                async (Guid id, EventStore store, NpgsqlDataSource db, PersonalReader reader, CancellationToken ct) =>
                {
                    if (View(await store.FetchStream(id, ct: ct)) is not { } invitation)
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

    /// <returns>Null if the customer was not asked.</returns>
    public static InvitationView? View(IReadOnlyList<RecordedEvent> stream) =>
        stream is not [{ Data: InvitationMade made } first, ..]
            ? null
            : new(
                Id: first.StreamId,
                CustomerId: made.CustomerId,
                Survey: made.Survey,
                SurveyVersion: made.Version,
                TicketId: made.TicketId,
                Wave: made.Wave,
                Language: made.Language,
                MadeAt: made.OccurredAt,
                ExpiresAt: made.ExpiresAt,
                Answers:
                [
                    .. stream
                        .Select(e => e.Data)
                        .OfType<IAnswered>()
                        .Select(a => new AnswerView(a.OccurredAt, a.Answers, a.Personal?.Value?.ByQuestion)),
                ],
                Personal: PersonalShown.Shown
            );
}
