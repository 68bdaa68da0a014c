using System.Security.Cryptography;

namespace CrmPlatform.Crm;

/// <summary>
/// What an installation must keep to itself, made once and kept readable by its owner alone; the environment wins over the file.
/// </summary>
public sealed class Secrets
{
    private const string Master = "PersonalData__MasterKey";
    private const string Index = "PersonalData__IndexKey";
    private const string Previous = "PersonalData__PreviousMasterKey";
    private readonly string _file;
    private readonly Dictionary<string, string> _known;

    private Secrets(string file) => (_file, _known) = (file, Instance.Read(file));

    public static Secrets Of(Instance instance) => new(instance.PathOf("secrets"));

    public static readonly IReadOnlyList<string> PersonalKeys = [Master, Index, Previous];

    /// <summary>Losing this key loses every personal field: it is not in a backup of the databases.</summary>
    public string MasterKey => Once(Master, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    public string IndexKey => Once(Index, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The master key before a change, under which people of before stay; null where it was never changed.</summary>
    public string? PreviousMasterKey => Given(Previous) ?? _known.GetValueOrDefault(Previous);

    public string SigningKeyPem =>
        System.Text.Encoding.UTF8.GetString(
            Convert.FromBase64String(
                Once(
                    "Auth__SigningKey_base64",
                    () =>
                    {
                        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                        return Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(key.ExportPkcs8PrivateKeyPem()));
                    }
                )
            )
        );

    public string PasswordOf(string role) => Once("Password_" + role, () => RandomNumberGenerator.GetHexString(36, lowercase: true));

    public string SecretOf(Client client) => Once("Client_" + client.Id, () => RandomNumberGenerator.GetHexString(48, lowercase: true));

    /// <summary>What opens the personal data of a backup: it belongs beside the data keys, apart from the databases.</summary>
    public void WritePersonalKeys(string file)
    {
        string[] keys = [$"{Master}={MasterKey}", $"{Index}={IndexKey}"];
        File.WriteAllLines(file, PreviousMasterKey is { } previous ? [.. keys, $"{Previous}={previous}"] : keys);
    }

    /// <summary>Takes over the keys with which the data of a backup were sealed.</summary>
    /// <exception cref="CrmException">The backup's keys are not there, or the environment has others.</exception>
    public void AdoptPersonalKeys(string file)
    {
        if (!File.Exists(file))
            throw new CrmException($"{file} is missing: put the backup's folder keys back, without which no personal data can be read");
        foreach (var (name, value) in Instance.Read(file))
        {
            if (Given(name) is { } given && given != value)
                throw new CrmException($"{name} in the environment is not the key of this backup");
            if (_known.GetValueOrDefault(name) != value)
                Keep(name, value);
        }
    }

    private string Once(string name, Func<string> make)
    {
        if (Given(name) is { } given)
            return given;
        if (_known.TryGetValue(name, out var known))
            return known;
        return Keep(name, make());
    }

    private static string? Given(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? given : null;

    private string Keep(string name, string value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(new FileStream(_file, options));
        writer.WriteLine($"{name}={value}");
        return _known[name] = value;
    }
}
