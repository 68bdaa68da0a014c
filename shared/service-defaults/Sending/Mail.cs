using MimeKit;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A message as e-mail. Its Message-ID is the same at every attempt, so that a second copy can be recognised.</summary>
static class Mail
{
    /// <exception cref="ParseException">The customer's address is none.</exception>
    public static MimeMessage Of(OutgoingMessage message, MailboxAddress from, DateTimeOffset now)
    {
        var mail = new MimeMessage
        {
            MessageId = $"{message.Id}@{from.Domain}",
            Date = now,
            Subject = message.Subject,
            Body = new BodyBuilder { TextBody = message.Text, HtmlBody = message.Html }.ToMessageBody(),
        };
        var to = MailboxAddress.Parse(message.Address);
        to.Name = message.Name;
        mail.From.Add(from);
        mail.To.Add(to);
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add(HeaderId.ContentLanguage, message.Language);
        return mail;
    }
}
