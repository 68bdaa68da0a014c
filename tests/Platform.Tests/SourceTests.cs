using System.Diagnostics;
using System.Text.RegularExpressions;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>CSharpier formats the sources, but breaks neither SQL nor comments: so lines and files are measured too.</summary>
public sealed partial class SourceTests
{
    const int LineLimit = 140,
        FileLimit = 200;

    [Fact]
    public void lines_have_at_most_140_characters_and_files_at_most_200_lines()
    {
        var wrong = new List<string>();
        foreach (var file in Sources(new(TestServers.Root)))
        {
            var (path, lines) = (Path.GetRelativePath(TestServers.Root, file.FullName), File.ReadAllLines(file.FullName));
            if (lines.Length > FileLimit)
                wrong.Add($"{path} has {lines.Length} lines");
            for (var i = 0; i < lines.Length; i++)
                if (lines[i].Length > LineLimit)
                    wrong.Add($"{path}:{i + 1} has {lines[i].Length} characters");
        }
        if (wrong.Count > 0)
            Assert.Fail($"expected at most {LineLimit} characters in a line and {FileLimit} lines in a file:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void names_of_tests_have_at_most_80_characters() =>
        Sources(new(TestServers.Root))
            .SelectMany(file => TestName().Matches(File.ReadAllText(file.FullName)).Select(m => m.Groups[1].Value))
            .Where(name => name.Length > 80)
            .ShouldBeEmpty();

    [Fact]
    public async Task sources_are_formatted_by_csharpier()
    {
        await Run("tool", "restore");
        await Run("csharpier", "check", ".");
    }

    static IEnumerable<FileInfo> Sources(DirectoryInfo folder) =>
        folder
            .EnumerateDirectories()
            .Where(inner => inner.LinkTarget is null && inner.Name is not ("bin" or "obj" or "node_modules") && inner.Name[0] != '.')
            .SelectMany(Sources)
            .Concat(folder.EnumerateFiles("*.cs"));

    static async Task Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = TestServers.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}:\n{await output}{await errors}");
    }

    [GeneratedRegex(@"^    public [^\n=]*?\b([a-z]\w*_\w*)\(", RegexOptions.Multiline)]
    private static partial Regex TestName();
}
