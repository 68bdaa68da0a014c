using System.Text.RegularExpressions;

namespace CrmPlatform.Deploy.Tests;

/// <summary>The commands of deploy/README.md, run in a shell whose kubectl only says what it was asked.</summary>
public partial class CommandTests
{
    [Theory]
    [InlineData("local"), InlineData("production")]
    public void the_secrets_that_the_commands_make_are_those_that_an_overlay_needs(string overlay)
    {
        var made = Made(overlay);

        made.Keys.ShouldBe(Settings.External.Keys.Except(["gateway-tls", "crm-backup-store"]), ignoreOrder: true);
        foreach (var (secret, keys) in made)
            keys.ShouldBeSubsetOf(Settings.External[secret].Append("Auth__SigningKeys__0"), secret);
        var clients = Settings
            .Lines(Offline.Read("deploy", "k8s", "overlays", overlay, "clients.env"))
            .Where(line => line.Key.EndsWith("__Id", StringComparison.Ordinal))
            .Select(line => line.Key.Replace("__Id", "__Secret", StringComparison.Ordinal));
        made["gateway-tokens"]
            .ShouldBe(clients.Prepend("Auth__SigningKeys__0"), "a secret without a client keeps the gateway from starting");
    }

    /// <summary>Each Secret with its keys.</summary>
    static Dictionary<string, string[]> Made(string overlay)
    {
        var commands = Shell().Matches(Offline.Read("deploy", "README.md")).Select(m => m.Groups[1].Value);
        var key = Path.Combine(Directory.CreateTempSubdirectory("crm-commands").FullName, "key.pem");
        var script = commands
            .Single(c => c.Contains("gateway-tokens", StringComparison.Ordinal))
            .Replace("overlay=local", $"overlay={overlay}", StringComparison.Ordinal)
            .Replace("key.pem", key, StringComparison.Ordinal);
        var (code, output) = Offline.Run("bash", ["-eu", "-c", "kubectl() { echo kubectl \"$@\"; }\n" + script], Offline.Root);
        code.ShouldBe(0, output);
        output.ShouldContain($"kubectl apply -f deploy/k8s/overlays/{overlay}/namespace.yaml");
        return output
            .Split('\n')
            .Select(line => Secret().Match(line))
            .Where(made => made.Success)
            .ToDictionary(
                made => made.Groups[1].Value,
                made => Key().Matches(made.Groups[2].Value).Select(match => match.Groups[1].Value).ToArray()
            );
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex("create secret generic ([a-z-]+) (.*)")]
    private static partial Regex Secret();

    [GeneratedRegex("--from-(?:literal|file) ([A-Za-z0-9_-]+)=")]
    private static partial Regex Key();
}
