namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>
/// The messages that invite and remind. They hold the invitation's id, not the link, which is made when they are rendered.
/// </summary>
static class InvitationMessage
{
    /// <summary>What customers consent to, or not.</summary>
    public const string Purpose = "survey";

    /// <summary>The values that templates may show; the token is made when they are rendered.</summary>
    public const string InvitationId = "invitation",
        Survey = "survey",
        Token = "token";

    const string Invitation = "survey-invitation",
        ReminderOf = "survey-reminder";

    public static Guid IdOf(Guid invitation) => Message.IdOf(Invitation, invitation.ToString());

    public static Guid IdOfReminder(Guid invitation) => Message.IdOf(ReminderOf, invitation.ToString());

    public static MessagePlanned First(Guid invitation, InvitationMade made) => Of(Invitation, invitation, made, made.OccurredAt);

    public static MessagePlanned Reminder(Guid invitation, InvitationMade made, DateTimeOffset at) => Of(ReminderOf, invitation, made, at);

    static MessagePlanned Of(string template, Guid invitation, InvitationMade made, DateTimeOffset notBefore) =>
        new(
            CustomerId: made.CustomerId,
            Purpose: Purpose,
            Channel: made.Channel,
            Template: template,
            Language: made.Language,
            Values: new Dictionary<string, string> { [InvitationId] = invitation.ToString(), [Survey] = made.Survey },
            NotBefore: notBefore,
            Until: made.ExpiresAt
        );
}
