using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmPlatform.Deploy.Tests;

/// <summary>The programs that judge our files without a cluster and without an engine: node with deploy/validation.</summary>
static class Offline
{
    public static string Root { get; } = FindRoot();

    static readonly Lazy<string> validation = new(() =>
    {
        var folder = Path.Combine(Root, "deploy", "validation");
        // Installed exactly as locked, and again when the lock changes.
        var (wanted, installed) = (Path.Combine(folder, "package-lock.json"), Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(wanted))
        {
            var (code, output) = Run("npm", ["ci", "--no-audit", "--no-fund"], folder);
            if (code != 0)
                throw new InvalidOperationException($"npm ci in deploy/validation failed:\n{output}");
            File.SetLastWriteTimeUtc(installed, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        return folder;
    });

    public static (int Code, string Output) Node(string script, string[] arguments, string? input = null) =>
        Run("node", [Path.Combine(validation.Value, script), .. arguments], Root, input);

    /// <summary>The documents of a YAML text, merge keys resolved.</summary>
    public static JsonNode[] Documents(string yaml)
    {
        var (code, output) = Node("json.js", ["-"], yaml);
        code.ShouldBe(0, output);
        return [.. JsonSerializer.Deserialize<JsonArray>(output)!.Select(d => d!)];
    }

    /// <summary>An overlay as it would be applied, but for the hashes at the end of generated names.</summary>
    public static JsonNode[] Kustomize(string overlay)
    {
        var (code, output) = Node("kustomize.js", [Folder(overlay)]);
        code.ShouldBe(0, output);
        return [.. JsonSerializer.Deserialize<JsonArray>(output)!.Select(d => d!)];
    }

    /// <summary>The same by the real kustomize, or null where none is installed that reads today's files (kubectl since 1.27).</summary>
    public static JsonNode[]? RealKustomize(string overlay)
    {
        if (!Path.Exists("/usr/bin/kubectl") && !Path.Exists("/usr/local/bin/kubectl"))
            return null;
        var version = JsonNode.Parse(Run("kubectl", ["version", "--client", "--output=json"], Root).Output)!["clientVersion"]!;
        if (int.Parse(version["minor"]!.GetValue<string>().TrimEnd('+'), System.Globalization.CultureInfo.InvariantCulture) < 27)
            return null;
        var (code, output) = Run("kubectl", ["kustomize", Folder(overlay)], Root);
        code.ShouldBe(0, output);
        return Documents(output);
    }

    static string Folder(string overlay) => Path.Combine(Root, "deploy", "k8s", "overlays", overlay);

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    public static (int Code, string Output) Run(string program, IEnumerable<string> arguments, string folder, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (input is not null)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        var (said, failed) = (output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
        return (process.ExitCode, process.ExitCode == 0 ? said : said + failed);
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CrmPlatform.sln")))
                return folder.FullName;
        throw new InvalidOperationException("the tests run inside of a checkout");
    }
}
