using System.Security.Cryptography;
using CrmPlatform.ServiceDefaults;
using Microsoft.IdentityModel.Tokens;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>The ES256 keys of this installation. A key is named by its RFC 7638 thumbprint, so all replicas name it alike.</summary>
public sealed class SigningKeys
{
    public IReadOnlyList<ECDsaSecurityKey> All { get; }
    public SigningCredentials Current { get; }

    public SigningKeys(AuthSettings settings)
    {
        All = [.. settings.SigningKeys.Select(Read)];
        Current = new(All[0], SecurityAlgorithms.EcdsaSha256);
    }

    static ECDsaSecurityKey Read(string pem, int at)
    {
        var key = ECDsa.Create();
        try
        {
            // A PEM in an environment variable often arrives with its line breaks escaped.
            key.ImportFromPem(pem.Replace("\\n", "\n", StringComparison.Ordinal));
            if (key.KeySize != 256 || key.ExportParameters(includePrivateParameters: true).D is null)
                throw new CryptographicException("not a private key on P-256");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new SettingException(
                $"Auth:SigningKeys:{at}",
                "an EC private key on P-256 in PEM (openssl ecparam -name prime256v1 -genkey -noout)"
            );
        }
        var named = new ECDsaSecurityKey(key);
        named.KeyId = Base64UrlEncoder.Encode(named.ComputeJwkThumbprint());
        return named;
    }
}
