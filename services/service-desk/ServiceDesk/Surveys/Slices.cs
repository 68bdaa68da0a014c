namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Registers this folder: what customers are asked, who is asked when, what they answer, and what comes of it.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Sends(InvitationMessage.InvitationId, InvitationMessage.Survey, InvitationMessage.Token);
        room.Aggregate<Survey, ISurveyEvent>("survey");
        room.Aggregate<Invitation, IInvitationEvent>("invitation");
        room.Aggregate<AskedCustomer, IAskedEvent>("asked_customer");
        room.Services.AddSingleton<SurveyLink>();
        room.Services.AddSingleton<IMessageValues, InvitationValues>();
        room.Services.AddRazorPages();
        room.Inline<SurveyList>();
        room.Inline<InvitationList>();
        room.Due<InviteAfterTickets>();
        room.Due<InvitationClock>();

        PublishSurvey.Map(room);
        CloseSurvey.Map(room);
        GetSurveys.Map(room);
        GetSurvey.Map(room);
        InviteCustomers.Map(room);
        GetInvitations.Map(room);
        GetInvitation.Map(room);
        AnswerSurvey.Map(room);
        GetResults.Map(room);
        // Whoever has the link of an invitation may answer it.
        room.Map(app => app.MapRazorPages().AllowAnonymous());
    }
}
