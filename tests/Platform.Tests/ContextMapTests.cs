extern alias crm;

using System.Text.RegularExpressions;
using crm::CrmPlatform.Crm;
using CrmPlatform.Contracts;
using CrmPlatform.Docs;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>docs/context-map.md says what the running services really do.</summary>
public sealed class ContextMapTests(AllRooms rooms) : IClassFixture<AllRooms>
{
    public static TheoryData<string> Contexts => [.. ContextMap.Contexts];

    [Fact]
    public void every_room_says_what_it_hears() =>
        ContextMap.Contexts.ShouldBe(Rooms.Room.All.Select(room => room.Name), ignoreOrder: true);

    [Fact]
    public void rooms_that_only_read_are_declared_so() =>
        ContextMap.Contexts.Where(ContextMap.OnlyReads).ShouldBe(Rooms.Room.All.Where(room => room.OnlyReads).Select(room => room.Name));

    [Theory, MemberData(nameof(Contexts))]
    public void the_list_of_permissions_is_what_the_endpoints_ask_for(string context) =>
        Client.Asked[context].ShouldBe(rooms.Permissions[context]);

    /// <summary>A customer's export asks every room with a log; who answers 404 there holds nothing.</summary>
    [Theory, MemberData(nameof(Contexts))]
    public void a_room_with_a_log_says_what_it_holds_about_a_person(string context)
    {
        if (context == "customers" || ContextMap.OnlyReads(context))
            return;
        rooms
            .Routes[context]
            .Select(route => Regex.Replace(route, @"\{[^}]*\}", "{}"))
            .ShouldContain($"GET /api/{context}/customers/{{}}/personal");
    }

    [Fact]
    public void a_room_acts_on_what_it_hears_and_on_nothing_else()
    {
        foreach (var (listener, reactions) in rooms.Reactions)
        {
            reactions
                .Heard.Where(type => !ContractCatalogue.All.Any(c => c.Type == type && ContextMap.Hears(listener, c)))
                .ShouldBeEmpty($"{listener} waits for what never reaches it");
            ContractCatalogue
                .All.Where(c => ContextMap.Hears(listener, c) && !ContextMap.OnlyReads(listener) && !reactions.Heard.Contains(c.Type))
                .ShouldBeEmpty($"{listener} is sent what it ignores");
        }
    }

    [Fact]
    public void the_page_is_up_to_date()
    {
        var page = File.ReadAllText(Path.Combine(TestServers.Root, ContextMapPage.File));
        page.ShouldBe(ContextMapPage.Of(page), "run ./crm docs");
    }

    /// <summary>A request for every endpoint; what every room has (ops, dead letters) is shown in customers.http only.</summary>
    [Theory, MemberData(nameof(Contexts))]
    public void every_endpoint_has_a_request_in_the_rooms_http_file(string context)
    {
        var file = File.ReadAllText(Path.Combine(TestServers.Root, "services", context, context + ".http"));
        // What a request made lies below where it was made.
        foreach (Match made in Regex.Matches(file, @"# @name (\w+)\r?\n(?:#.*\r?\n)*POST \{\{gateway\}\}(\S+)"))
            file = file.Replace(
                $"{{{{{made.Groups[1].Value}.response.headers.Location}}}}",
                made.Groups[2].Value + "/1",
                StringComparison.Ordinal
            );
        var requests = file.Split('\n')
            .Where(l => Regex.IsMatch(l, "^(GET|POST|PUT|DELETE) "))
            .Select(l => l.Replace("{{gateway}}", "", StringComparison.Ordinal).Split('?')[0].TrimEnd())
            .ToList();
        foreach (
            var route in rooms
                .Routes[context]
                .Where(r =>
                    context == "customers"
                    || !(r.Contains("/ops/", StringComparison.Ordinal) || r.Contains("/dead-letters", StringComparison.Ordinal))
                )
        )
        {
            var template = "^" + Regex.Replace(Regex.Escape(route.TrimEnd('/')), @"\\\{[^}]+\}", "([^/]+)") + "$";
            requests.ShouldContain(r => Regex.IsMatch(r, template), $"{context}.http shows no {route}");
        }
    }

    [Fact]
    public void every_contract_is_published_by_the_feed_of_each_of_its_publishers()
    {
        foreach (var (context, room) in ContextMap.Contexts.Where(c => !ContextMap.OnlyReads(c)).Select(c => (c, Rooms.Room.Named(c))))
            Regex
                .Matches(Feed(room), @"new Contracts\.(\w+)\(")
                .Select(m => m.Groups[1].Value)
                .Where(n => n is not (nameof(PurchaseLine) or nameof(ReturnedLine) or nameof(ReturnedCategory) or nameof(CustomerNeed)))
                .Distinct()
                .Order()
                .ShouldBe(ContractCatalogue.All.Where(c => c.Publisher == context).Select(c => c.Type.Name).Order(), context);
    }

    static string Feed(Rooms.Room room) =>
        string.Concat(Directory.GetFiles(Path.Combine(TestServers.Root, room.Folder), room.Project + "Feed*.cs").Select(File.ReadAllText));

    [Fact]
    public void every_contract_keeps_its_shape() =>
        Frozen.Check(ContractCatalogue.All.Select(c => KeyValuePair.Create(c.Name, c.Type)), "contracts.frozen");
}
