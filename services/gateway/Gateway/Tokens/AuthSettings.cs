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

    public static AuthSettings Of(IConfiguration configuration)
    {
        var settings = configuration.GetSection("Auth").Get<AuthSettings>() ?? new();
        if (!Uri.TryCreate(settings.Authority, UriKind.Absolute, out _))
            throw new InvalidOperationException("Auth:Authority must be an absolute address, for example http://gateway:8080");
        foreach (var (client, at) in settings.Clients.Select((c, i) => (c, i)))
            if (string.IsNullOrEmpty(client.Id) || client.Secret.Length < 16)
                throw new InvalidOperationException($"Auth:Clients:{at} needs an Id and a Secret of at least 16 characters");
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
