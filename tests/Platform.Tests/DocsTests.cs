using System.Text.RegularExpressions;
using CrmPlatform.Docs;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>What is written for people stays true.</summary>
public sealed partial class DocsTests
{
    static string Read(string path) => File.ReadAllText(Path.Combine(TestServers.Root, path));

    [Fact]
    public void the_event_reference_is_what_the_contracts_say()
    {
        var written = EventDocs.Write();
        foreach (var (path, text) in written)
            Read(path).ShouldBe(text, $"{path}: run ./crm docs");
        Directory
            .GetFiles(Path.Combine(TestServers.Root, EventDocs.Schemas))
            .Select(f => EventDocs.Schemas + "/" + Path.GetFileName(f))
            .Except(written.Keys)
            .ShouldBeEmpty("schemas of contracts that are not there: run ./crm docs");
    }

    [Theory]
    [InlineData("python", "read_stream.py")]
    [InlineData("js", "read_stream.mjs")]
    public void the_analysts_examples_are_the_tested_programs(string language, string file) =>
        Read("docs/analysts.md").ShouldContain($"```{language}\n{Read("tests/analysts/" + file)}```");

    [Fact]
    public void every_relative_link_leads_somewhere()
    {
        var pages = new[]
        {
            "*.md",
            "docs/*.md",
            "docs/decisions/*.md",
            "services/*/*.md",
            "services/*/docs/*.md",
            "shared/*/*.md",
            "samples/*.md",
            "deploy/*.md",
        }
            .SelectMany(p => Glob(p))
            .ToList();
        pages.Count.ShouldBeGreaterThan(30);
        foreach (var page in pages)
        foreach (Match link in Link().Matches(File.ReadAllText(page)))
            Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value))
                .ShouldBeTrue($"{page} links to {link.Groups[1].Value}");
    }

    [Fact]
    public void the_readmes_stay_short_and_decisions_too()
    {
        foreach (var page in new[] { "README.md", "README.zh-CN.md" })
            Read(page).Split('\n').Length.ShouldBeLessThanOrEqualTo(121, page);
        foreach (var decision in Glob("docs/decisions/0*.md"))
            File.ReadLines(decision).Count().ShouldBeLessThanOrEqualTo(40, decision);
    }

    [Theory]
    [InlineData("shared/event-sourcing/README.md")]
    [InlineData("shared/service-defaults/README.md")]
    public void every_test_that_is_named_as_a_proof_exists(string page)
    {
        var tests = new[] { "shared", "services", "tests" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(TestServers.Root, f), "*Tests.cs", SearchOption.AllDirectories))
            .SelectMany(f => TestName().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .ToHashSet();
        var named = Proof().Matches(Read(page)).Select(m => m.Groups[1].Value).ToList();
        named.Count.ShouldBeGreaterThan(8);
        named.Except(tests).ShouldBeEmpty();
    }

    /// <summary>Stars stand for one name each.</summary>
    static IEnumerable<string> Glob(string pattern)
    {
        IEnumerable<string> found = [TestServers.Root];
        foreach (var part in pattern.Split('/'))
            found = found.SelectMany(f => Directory.Exists(f) ? Directory.GetFileSystemEntries(f, part) : []);
        return found;
    }

    [GeneratedRegex(@"public (?:async )?(?:Task|void) ([a-z]\w+)\(")]
    private static partial Regex TestName();

    /// <summary>A sentence of at least four words in snake_case.</summary>
    [GeneratedRegex("`([a-z0-9]+(?:_[a-z0-9]+){3,})`")]
    private static partial Regex Proof();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)")]
    private static partial Regex Link();
}
