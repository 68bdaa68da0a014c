using System.Diagnostics;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>Spectral, installed from tests/linter exactly as locked.</summary>
static class Linter
{
    static readonly Lazy<string> folder = new(() =>
    {
        var folder = Path.Combine(TestServers.Root, "tests", "linter");
        // Installed again when the lock changes.
        var (wanted, installed) = (Path.Combine(folder, "package-lock.json"), Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(wanted))
        {
            var (code, output) = Run("npm", folder, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline");
            if (code != 0)
                throw new InvalidOperationException($"npm ci in tests/linter failed:\n{output}");
            File.SetLastWriteTimeUtc(installed, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        return folder;
    });

    /// <summary>What it finds in a file; empty if there is nothing to find.</summary>
    /// <param name="rules">A file of tests/linter.</param>
    public static string Findings(string file, string rules)
    {
        var spectral = Path.Combine(folder.Value, "node_modules", "@stoplight", "spectral-cli", "dist", "index.js");
        var (code, output) = Run(
            "node",
            folder.Value,
            spectral,
            "lint",
            file,
            "--ruleset",
            rules,
            "--format",
            "text",
            "--fail-severity",
            "hint",
            "--quiet"
        );
        return code == 0 ? "" : output;
    }

    static (int Code, string Output) Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
