extern alias customers;
extern alias desk;
extern alias loyalty;
extern alias segmentation;

using System.Text.RegularExpressions;
using CrmPlatform.Contracts;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Platform.Tests;

/// <summary>docs/context-map.md says what the running services really do.</summary>
public sealed class ContextMapTests
{
    static readonly Dictionary<string, string> feeds = new()
    {
        [ContextMap.Customers] = "customers/Customers/CustomersFeed.cs", [ContextMap.Segmentation] = "segmentation/Segmentation/SegmentationFeed.cs",
        [ContextMap.ServiceDesk] = "service-desk/ServiceDesk/ServiceDeskFeed.cs", [ContextMap.Loyalty] = "loyalty/Loyalty/LoyaltyFeed.cs",
    };

    [Fact]
    public async Task the_table_says_who_publishes_and_who_acts()
    {
        var reactions = new Dictionary<string, Reactions>
        {
            [ContextMap.Customers] = await Of<customers::Program>(), [ContextMap.Segmentation] = await Of<segmentation::Program>(),
            [ContextMap.ServiceDesk] = await Of<desk::Program>(), [ContextMap.Loyalty] = await Of<loyalty::Program>(),
        };
        foreach (var (listener, heard) in reactions)
            foreach (var type in heard.Heard)
                ContractCatalogue.All.ShouldContain(c => c.Type == type && ContextMap.Heard(listener).Contains(c.Publisher), $"{listener} waits for {type.Name}, which never reaches it");

        var table = from contract in ContractCatalogue.All.OrderBy(c => c.Name, StringComparer.Ordinal)
                    let cells = ContextMap.Contexts.Select(context => Cell(contract, context, reactions[context]))
                    select $"| {contract.Name}{(contract.Internal ? " (internal)" : "")} | {string.Join(" | ", cells)} |";
        Lines("| ").Where(l => Regex.IsMatch(l, @"^\| [a-z-]+\.[a-z-]+")).ShouldBe(table);
    }

    [Fact]
    public void the_table_of_listeners_is_the_one_that_makes_the_queues() =>
        Lines("- **").ShouldBe(ContextMap.Contexts.Select(c => $"- **{c}** hears {string.Join(", ", ContextMap.Heard(c))}"));

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
        if (!ContextMap.Heard(context).Contains(contract.Publisher)) return "";
        var cell = reactions.HearsAll && !contract.Internal ? "notes" : "";
        if (reactions.Heard.Contains(contract.Type)) cell = cell is "" ? "acts" : cell + ", acts";
        return cell is "" ? "ignores" : cell;
    }

    static IEnumerable<string> Lines(string beginning) => File.ReadLines(Path.Combine(TestServers.Root, "docs", "context-map.md")).Where(l => l.StartsWith(beginning, StringComparison.Ordinal));

    static async Task<Reactions> Of<TProgram>() where TProgram : class
    {
        var room = new Room<TProgram>();
        await room.InitializeAsync();
        try { return room.Services.GetRequiredService<Reactions>(); }
        finally { await room.DisposeAsync(); }
    }
}
