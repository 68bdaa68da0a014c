using System.ComponentModel;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Invites customers to a survey. The same customer in the same wave is invited once.</summary>
/// <param name="Customers">Ids of 1 to 1,000 customers.</param>
/// <param name="Wave">Names the round, as a code: <c>2026-q4</c>.</param>
/// <param name="Share">How many of them are drawn, 0.0001 to 1; always the same ones.</param>
/// <param name="Language"><c>zh</c> or <c>en</c>: that of the company if left out.</param>
/// <param name="OccurredAt">When they were asked by somebody else: nothing is sent then. Left out, they are asked now.</param>
public sealed record InviteCustomers(
    [property: Required, Length(1, 1_000)] IReadOnlyList<Guid> Customers,
    [property: Required, Code] string Wave,
    [property: Range(0.0001, 1.0)] decimal Share = 1,
    [property: OneOf(null, Wording.Chinese, Wording.English)] string? Language = null,
    DateTimeOffset? OccurredAt = null
)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "surveys/{code}/invitations",
                "Invite customers to a survey, or see who would be",
                "service-desk.surveys.send",
                async (
                    [Code] string code,
                    [Description("Says who would be invited, and invites nobody.")] bool? dryRun,
                    InviteCustomers command,
                    HttpContext http,
                    EventStore store,
                    NpgsqlDataSource db,
                    DeskRules rules,
                    CancellationToken ct
                ) =>
                {
                    var request = http.RequestServices.GetRequiredService<Request>();
                    var at = Clocks.Told(command.OccurredAt, request.Now);
                    if (command.Customers.Contains(Guid.Empty))
                        throw new BadRequestException("customers", "ids of customers");
                    var (survey, _) = await store.Read(Survey.Of(code), ct);
                    if (!survey.Exists)
                        throw new NotFoundException("survey", code);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var persons = await Person.Of(connection, command.Customers, ct);
                    Invite[] wave =
                    [
                        .. command
                            .Customers.Distinct()
                            .Select(id => new Invite(
                                SurveyId: Survey.IdOf(code),
                                CustomerId: id,
                                Members: persons[id].Members,
                                UrgentComplaint: persons[id].UrgentComplaint,
                                TicketId: null,
                                Wave: command.Wave,
                                Language: command.Language,
                                Share: command.Share,
                                At: at,
                                Told: command.OccurredAt is not null
                            )),
                    ];
                    var preview = dryRun == true ? new WavePreview(wave) : null;
                    var done = await store.Execute(request, [.. wave.Select(invite => invite.Write(rules, preview))]);
                    return WaveResult.Of(
                        wave.Zip(done, (invite, result) => (invite, preview?.Of(invite) ?? result.Events.OfType<IInvitationEvent>()))
                    );
                }
            )
            .Produces<WaveResult>()
            .Refuses("in-the-future");
}
