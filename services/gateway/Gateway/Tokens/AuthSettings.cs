using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>Whose tokens count here, and, where the gateway issues them itself, its keys and its clients.</summary>
public sealed record AuthSettings
{
    /// <summary>The address under which the services find discovery and keys; the default issuer.</summary>
    public string Authority { get; init; } = "";
    public string? Issuer { get; init; }
    public string Audience { get; init; } = "crm";
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// ES256 private keys in PEM. The first one signs, all of them verify: a new key is put first, the old one is dropped an hour later.
    /// </summary>
    public IReadOnlyList<string> SigningKeys { get; init; } = [];
    public IReadOnlyList<Client> Clients { get; init; } = [];

    public string TokenIssuer => Issuer ?? Authority;

    /// <summary>False: another OIDC authority issues the tokens, and this gateway only checks them.</summary>
    public bool IssuesTokens => SigningKeys.Count > 0;

    /// <exception cref="SettingException">The authority is no address, or a client lacks its name or its secret.</exception>
    public static AuthSettings Of(IConfiguration configuration)
    {
        var settings = configuration.GetSection("Auth").Get<AuthSettings>() ?? new();
        if (!Uri.TryCreate(settings.Authority, UriKind.Absolute, out _))
            throw new SettingException("Auth:Authority", "an absolute address, for example http://gateway:8080");
        // As they are numbered, which the list's own positions are not where a number lacks.
        foreach (var client in configuration.GetSection("Auth:Clients").GetChildren())
            if (client["Id"] is not { Length: > 0 })
                throw new SettingException($"{client.Path}:Id", "the client's name: a secret or a permission without one is nobody's");
            else if (client["Secret"] is not { Length: >= 16 })
                throw new SettingException($"{client.Path}:Secret", $"16 characters or more: it is the secret of client {client["Id"]}");
        return settings with
        {
            Authority = settings.Authority.TrimEnd('/'),
            SigningKeys = [.. settings.SigningKeys.Where(pem => !string.IsNullOrWhiteSpace(pem))],
        };
    }
}

/// <summary>An application that may ask for tokens, and what it may do with them.</summary>
public sealed record Client
{
    public string Id { get; init; } = "";
    public string Secret { get; init; } = "";
    public IReadOnlyList<string> Permissions { get; init; } = [];
}
