using CrmPlatform.ServiceDesk.Agents;
using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Feedback;
using CrmPlatform.ServiceDesk.Loops;
using CrmPlatform.ServiceDesk.Surveys;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.PersonalData;

/// <summary>All that the room holds of a person.</summary>
/// <param name="Standing">What decides how urgent their tickets are.</param>
/// <param name="Group">Who is one person with them, the survivor first; they alone if nobody is.</param>
/// <param name="Tickets">All their tickets with their text, oldest first.</param>
/// <param name="Surveys">All surveys that they were asked to answer, with what they answered, oldest first.</param>
/// <param name="Feedback">All that they said, with its text and what it is about, oldest first: in tickets and surveys, too.</param>
/// <param name="Loops">How they were spoken with after they were let down, oldest first.</param>
/// <param name="Dedications">Who is and was their dedicated agent, what holds first.</param>
/// <param name="Messages">What was sent to them or was to be, oldest first.</param>
public sealed record HeldData(
    Guid CustomerId,
    Standing Standing,
    IReadOnlyList<Guid> Group,
    IReadOnlyList<TicketView> Tickets,
    IReadOnlyList<InvitationView> Surveys,
    IReadOnlyList<FeedbackView> Feedback,
    IReadOnlyList<LoopView> Loops,
    IReadOnlyList<DedicationView> Dedications,
    IReadOnlyList<MessageShown> Messages
);

/// <summary>
/// Exports everything that this room stores about one person: their standing, every ticket and whatever else they said with its text,
/// every answer to a survey, how they were spoken with, and what was sent to them (PIPL article 45).
/// </summary>
public static class GetPersonalData
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "customers/{id:guid}/personal",
            "Everything that is held about one person",
            "personal.export",
            async (
                Guid id,
                PersonalReader reader,
                EventStore store,
                NpgsqlDataSource db,
                DeskRules rules,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                var standing = await Standing.Own(db, id, ct);
                var ids = await db.Query<Guid>(
                    "select ticket_id from ticket_list where customer_id = @id order by opened_at, ticket_id",
                    new { id },
                    ct
                );
                var tickets = new List<TicketView>();
                foreach (var ticket in ids)
                    if (GetTicket.View(await store.FetchStream(ticket, ct: ct), rules, clock.GetUtcNow()) is { } view)
                        tickets.Add(view);
                var asked = await db.Query<Guid>(
                    "select invitation_id from invitations where customer_id = @id order by made_at, invitation_id",
                    new { id },
                    ct
                );
                var surveys = new List<InvitationView>();
                foreach (var invitation in asked)
                    if (GetInvitation.View(await store.FetchStream(invitation, ct: ct)) is { } view)
                        surveys.Add(view);
                await reader.Read(id);
                return new HeldData(
                    id,
                    standing ?? Standing.Nothing,
                    (await CustomerGroups.Of(db, id, ct)).Members,
                    tickets,
                    surveys,
                    await GetFeedback.Of(store, db, id, ct),
                    await GetLoops.Of(db, id, clock.GetUtcNow(), ct),
                    await GetDedication.Of(db, id, [id], ct),
                    await MessageShown.To(db, id, ct)
                );
            }
        );
}
