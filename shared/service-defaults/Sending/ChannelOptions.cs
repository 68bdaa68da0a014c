using System.Text;
using MimeKit;

namespace CrmPlatform.ServiceDefaults;

/// <summary>How the messages of one channel leave.</summary>
public sealed class ChannelOptions
{
    /// <summary><c>file</c>, <c>smtp</c> or <c>webhook</c>.</summary>
    public string Way { get; set; } = "";

    /// <summary>Of <c>file</c>: where it writes one file for each hand-over.</summary>
    public string? Folder { get; set; }

    /// <summary>Of <c>smtp</c>: the server.</summary>
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary><c>starttls</c>, <c>tls</c> from the first byte on, or <c>none</c>.</summary>
    public string Tls { get; set; } = "starttls";

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>Of <c>smtp</c>, and of <c>file</c> for mail: the sender, like <c>Tea House &lt;hello@tea.example&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>Of <c>webhook</c>: where it posts.</summary>
    public string? Address { get; set; }

    /// <summary>Of <c>webhook</c>: the key of its signature, at least 24 bytes, as text or as <c>whsec_</c> and base64.</summary>
    public string? Secret { get; set; }

    internal MailboxAddress Sender => MailboxAddress.Parse(From ?? "crm@localhost");

    internal byte[] Key
    {
        get
        {
            if (Secret is not ['w', 'h', 's', 'e', 'c', '_', ..])
                return Encoding.UTF8.GetBytes(Secret ?? "");
            var key = new byte[Secret.Length];
            return Convert.TryFromBase64String(Secret["whsec_".Length..], key, out var length) ? key[..length] : [];
        }
    }

    internal string? Fault() =>
        From is not null && !MailboxAddress.TryParse(From, out _)
            ? "From is an e-mail address, with or without a name"
            : Way switch
            {
                "file" => Folder is { Length: > 0 } ? null : "Folder is missing: where files are written",
                "smtp" => Host is not { Length: > 0 } ? "Host is missing"
                : From is null ? "From is missing"
                : Port is < 1 or > 65535 ? "Port is 1 to 65535"
                : Tls is not ("starttls" or "tls" or "none") ? "Tls is starttls, tls or none"
                : User is null != Password is null ? "User and Password belong together"
                : null,
                "webhook" => !Uri.TryCreate(Address, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http")
                    ? "Address is one like https://messages.example.com/crm"
                : Key.Length < 24 ? "Secret has at least 24 bytes"
                : null,
                _ => "Way is file, smtp or webhook",
            };
}
