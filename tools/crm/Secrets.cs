using System.Security.Cryptography;

namespace CrmPlatform.Crm;

/// <summary>What an installation must keep to itself, made once and kept readable by its owner alone; the environment wins over the file.</summary>
public sealed class Secrets
{
    private readonly string _file;
    private readonly Dictionary<string, string> _known;

    private Secrets(string file) => (_file, _known) = (file, Instance.Read(file));

    public static Secrets Of(Instance instance) => new(instance.PathOf("secrets"));

    /// <summary>Losing this key loses every personal field: it is not in a backup of the databases.</summary>
    public string MasterKey => Once("PersonalData__MasterKey", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    public string IndexKey => Once("PersonalData__IndexKey", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    public string SigningKeyPem => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Once("Auth__SigningKey_base64", () =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(key.ExportPkcs8PrivateKeyPem()));
    })));

    public string PasswordOf(string role) => Once("Password_" + role, () => RandomNumberGenerator.GetHexString(36, lowercase: true));
    public string SecretOf(Client client) => Once("Client_" + client.Id, () => RandomNumberGenerator.GetHexString(48, lowercase: true));

    private string Once(string name, Func<string> make)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } given) return given;
        if (_known.TryGetValue(name, out var known)) return known;
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(new FileStream(_file, options)))
            writer.WriteLine($"{name}={_known[name] = make()}");
        return _known[name];
    }
}
