using System.Text.RegularExpressions;
using CrmPlatform.Contracts;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>docs/context-map.md says what the running services really do.</summary>
public sealed class ContextMapTests(AllRooms rooms) : IClassFixture<AllRooms>
{
    static readonly Dictionary<string, string> feeds = new()
    {
        [ContextMap.Customers] = "customers/Customers/CustomersFeed.cs", [ContextMap.Segmentation] = "segmentation/Segmentation/SegmentationFeed.cs",
        [ContextMap.ServiceDesk] = "service-desk/ServiceDesk/ServiceDeskFeed.cs", [ContextMap.Loyalty] = "loyalty/Loyalty/LoyaltyFeed.cs",
    };

    [Fact]
    public void the_table_says_who_publishes_and_who_acts()
    {
        foreach (var (listener, reactions) in rooms.Reactions)
        {
            reactions.Heard.Where(type => !ContractCatalogue.All.Any(c => c.Type == type && ContextMap.Hears(listener, c))).ShouldBeEmpty($"{listener} waits for what never reaches it");
            ContractCatalogue.All.Where(c => ContextMap.Hears(listener, c) && Cell(c, listener, reactions) is "").ShouldBeEmpty($"{listener} is sent what it ignores");
        }

        var table = from contract in ContractCatalogue.All.OrderBy(c => c.Name, StringComparer.Ordinal)
                    let cells = ContextMap.Contexts.Select(context => Cell(contract, context, rooms.Reactions[context]))
                    select $"| {contract.Name}{(contract.Internal ? " (internal)" : "")} | {string.Join(" | ", cells)} |";
        Lines("| ").Where(l => Regex.IsMatch(l, @"^\| [a-z-]+\.[a-z-]+")).ShouldBe(table);
    }

    [Fact]
    public void the_table_of_listeners_is_the_one_that_makes_the_queues() =>
        Lines("- **").ShouldBe(ContextMap.Contexts.Select(c => $"- **{c}** hears {string.Join(", ", ContextMap.Heard(c))}"));

    /// <summary>A request for every endpoint; what every room has (ops, dead letters) is shown in customers.http only.</summary>
    [Theory]
    [InlineData(ContextMap.Customers)]
    [InlineData(ContextMap.Segmentation)]
    [InlineData(ContextMap.ServiceDesk)]
    [InlineData(ContextMap.Loyalty)]
    [InlineData(ContextMap.Portraits)]
    public void every_endpoint_has_a_request_in_the_rooms_http_file(string context)
    {
        var file = File.ReadAllText(Path.Combine(TestServers.Root, "services", context, context + ".http"));
        // What a request made lies below where it was made.
        foreach (Match made in Regex.Matches(file, @"# @name (\w+)\r?\n(?:#.*\r?\n)*POST \{\{gateway\}\}(\S+)"))
            file = file.Replace($"{{{{{made.Groups[1].Value}.response.headers.Location}}}}", made.Groups[2].Value + "/1", StringComparison.Ordinal);
        var requests = file.Split('\n').Where(l => Regex.IsMatch(l, "^(GET|POST|PUT|DELETE) ")).Select(l => l.Replace("{{gateway}}", "", StringComparison.Ordinal).Split('?')[0].TrimEnd()).ToList();
        foreach (var route in rooms.Routes[context].Where(r => context == ContextMap.Customers || !(r.Contains("/ops/", StringComparison.Ordinal) || r.Contains("/dead-letters", StringComparison.Ordinal))))
        {
            var template = "^" + Regex.Replace(Regex.Escape(route.TrimEnd('/')), @"\\\{[^}]+\}", "([^/]+)") + "$";
            requests.ShouldContain(r => Regex.IsMatch(r, template), $"{context}.http shows no {route}");
        }
    }

    [Fact]
    public void every_contract_is_published_by_the_feed_of_each_of_its_publishers()
    {
        foreach (var (context, file) in feeds)
            Regex.Matches(File.ReadAllText(Path.Combine(TestServers.Root, "services", file)), @"new Contracts\.(\w+)\(").Select(m => m.Groups[1].Value).Where(n => n != nameof(PurchaseLine)).Distinct().Order()
                .ShouldBe(ContractCatalogue.All.Where(c => c.Publisher == context).Select(c => c.Type.Name).Order(), context);
    }

    [Fact]
    public void every_contract_keeps_its_shape() => Frozen.Check(ContractCatalogue.All.Select(c => KeyValuePair.Create(c.Name, c.Type)), "contracts.frozen");

    static string Cell(ContractName contract, string context, Reactions reactions)
    {
        if (contract.Publisher == context) return "publishes";
        if (!ContextMap.Hears(context, contract)) return "";
        return ContextMap.OnlyReads(context) ? "notes" : reactions.Heard.Contains(contract.Type) ? "acts" : "";
    }

    static IEnumerable<string> Lines(string beginning) => File.ReadLines(Path.Combine(TestServers.Root, "docs", "context-map.md")).Where(l => l.StartsWith(beginning, StringComparison.Ordinal));
}
