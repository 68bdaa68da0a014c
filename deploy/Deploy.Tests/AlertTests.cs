using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CrmPlatform.Deploy.Tests;

/// <summary>The alerts say what they should, as Prometheus' own tool finds, and lead to a page that says what to do.</summary>
public partial class AlertTests
{
    static readonly string folder = Path.Combine(Offline.Root, "deploy", "prometheus");

    [Theory]
    [InlineData("check", "config", "--syntax-only", "prometheus.yaml")]
    [InlineData("check", "rules", "alerts.yaml")]
    [InlineData("test", "rules", "alerts-test.yaml")]
    public async Task prometheus_accepts_them(params string[] arguments)
    {
        using var tool = Process.Start(
            new ProcessStartInfo("promtool", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var said = tool.StandardOutput.ReadToEndAsync();
        var complained = tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        tool.ExitCode.ShouldBe(0, await said + await complained);
    }

    [Fact]
    public void every_alert_leads_to_a_section_that_says_what_to_do()
    {
        var sections = Heading()
            .Matches(Offline.Read("docs", "operating.md"))
            .Select(m => m.Groups[1].Value.ToLowerInvariant().Replace(' ', '-'))
            .ToHashSet();
        var alerts = Offline.Read("deploy", "prometheus", "alerts.yaml");
        var led = Runbook().Matches(alerts).Select(m => m.Groups[1].Value).ToList();
        led.Count.ShouldBe(Alert().Count(alerts));
        led.ShouldBeSubsetOf(sections);
    }

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"runbook: docs/operating\.md#(\S+)")]
    private static partial Regex Runbook();

    [GeneratedRegex("- alert: ")]
    private static partial Regex Alert();
}
