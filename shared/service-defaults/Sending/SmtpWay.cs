using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Sends mail by SMTP. An answer that was lost once the message may have been taken leaves it in doubt.</summary>
sealed class SmtpWay(ChannelOptions options, TimeProvider clock) : IWayOut
{
    const int TimeoutMilliseconds = 30_000;

    /// <summary>Shorter than the lease of an attempt.</summary>
    static readonly TimeSpan altogether = TimeSpan.FromSeconds(90);

    public async Task<SendOutcome> Send(OutgoingMessage message)
    {
        using var until = new CancellationTokenSource(altogether);
        using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        MimeMessage mail;
        try
        {
            mail = Mail.Of(message, options.Sender, clock.GetUtcNow());
            var tls =
                options.Tls == "tls" ? SecureSocketOptions.SslOnConnect
                : options.Tls == "none" ? SecureSocketOptions.None
                : SecureSocketOptions.StartTls;
            await client.ConnectAsync(options.Host!, options.Port, tls, until.Token);
            if (options.User is not null)
                await client.AuthenticateAsync(options.User, options.Password!, until.Token);
        }
        catch (ParseException)
        {
            return SendOutcome.Refused("address-invalid");
        }
        catch (AuthenticationException)
        {
            return SendOutcome.Deferred("sign-in-refused");
        }
        catch (Exception e) when (IsTrouble(e) || e is NotSupportedException)
        {
            return SendOutcome.Deferred("unreachable");
        }
        var outcome = await Dialogue(client, mail, until.Token);
        if (client.IsConnected)
            await Quit(client);
        return outcome;
    }

    static async Task<SendOutcome> Dialogue(SmtpClient client, MimeMessage mail, CancellationToken ct)
    {
        try
        {
            await client.SendAsync(mail, ct);
            return SendOutcome.Accepted;
        }
        catch (SmtpCommandException e)
        {
            var why = string.Create(CultureInfo.InvariantCulture, $"smtp-{(int)e.StatusCode}");
            return (int)e.StatusCode >= 500 ? SendOutcome.Refused(why) : SendOutcome.Deferred(why);
        }
        catch (ServiceNotAuthenticatedException)
        {
            return SendOutcome.Deferred("sign-in-refused");
        }
        catch (NotSupportedException)
        {
            return SendOutcome.Refused("address-not-ascii");
        }
        catch (Exception e) when (IsTrouble(e))
        {
            return SendOutcome.InDoubt;
        }
    }

    /// <summary>Nothing depends on the farewell: the message was taken or refused before.</summary>
    static async Task Quit(SmtpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await client.DisconnectAsync(quit: true, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    static bool IsTrouble(Exception e) =>
        e
            is SocketException
                or IOException
                or ProtocolException
                or SmtpCommandException
                or SslHandshakeException
                or TimeoutException
                or OperationCanceledException;
}
