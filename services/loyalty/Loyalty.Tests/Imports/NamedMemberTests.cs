using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrmPlatform.Loyalty.Imports;
using static CrmPlatform.Loyalty.Tests.Imports.ImportWords;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>Loyalty beside customers, which it asks for external ids.</summary>
public sealed class RoomBesideCustomers : LoyaltyRoom
{
    public AskedCustomers Customers { get; } = new();

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>([Customers.Setting]);

    public override async Task InitializeAsync()
    {
        await Customers.Start();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Customers.DisposeAsync();
    }
}

/// <summary>Members of another programme are named by their id here, or by an external id.</summary>
public class NamedMemberTests(RoomBesideCustomers room) : IClassFixture<RoomBesideCustomers>
{
    static object Named(object row, object? customer, bool byIdToo = false)
    {
        var json = JsonSerializer.SerializeToNode(row)!.AsObject();
        if (!byIdToo)
            json.Remove("customerId");
        json["customer"] = JsonSerializer.SerializeToNode(customer);
        return json.ToJsonString();
    }

    static object Number(string value) => new { system = "shop", value };

    [Fact]
    public async Task a_member_is_the_same_by_id_and_by_external_id()
    {
        var (one, two, foreign) = (await room.Member(), await room.Member(), Guid.CreateVersion7());
        room.Customers.Numbers[("shop", "C-1")] = one;
        room.Customers.Numbers[("shop", "C-3")] = foreign;
        var before = room.Customers.Lookups;
        string[] expected =
        [
            "1 recorded",
            "2 unchanged",
            "3 refused customer-unknown customer",
            "4 refused customer-unknown customerId",
            "5 refused invalid-request customerId",
            "6 refused invalid-request customerId",
            "7 refused invalid-request customerId",
            "8 recorded",
        ];
        (
            await room.Send(
                "named",
                Lines(
                    Named(Row(one), Number(" C-1 ")),
                    Row(one),
                    Named(Row(one), Number("C-2")),
                    Named(Row(one), Number("C-3")),
                    Named(Row(one), Number("C-1"), byIdToo: true),
                    Named(Row(one), null),
                    Named(Row(one), Number(new string('x', 121))),
                    Row(two)
                )
            )
        ).ShouldBe(expected);
        (room.Customers.Lookups - before).ShouldBe(1);
        Numbers(await room.Get($"accounts/{one}")).ShouldBe((700, 600, 100, 700, 600));
    }

    [Fact]
    public async Task csv_names_members_by_external_id_too_and_refusals_name_the_record()
    {
        var (one, two) = (await room.Member(), await room.Member());
        room.Customers.Numbers[("csv", "C-1")] = one;
        room.Customers.Numbers[("csv", "C-2")] = two;
        var csv = """
            customerSystem,customerValue,record,joinedAt,qualifyingPoints,reference,kind,points,earnedAt,occurredAt
            csv,C-1,member,2020-01-01T00:00:00Z,600,,,,,
            csv,C-1,lot,,,L-1,,600,2020-01-11T00:00:00Z,
            csv,C-2,member,2020-01-01T00:00:00Z,600,,,,,
            csv,C-2,history,,,H-1,earned,600,,2020-01-11T00:00:00Z
            csv,C-2,lot,,,L-1,,590,2020-01-11T00:00:00Z,
            csv,C-2,lot,,,L-2,,-10,2020-01-11T00:00:00Z,
            csv,C-3,member,2020-01-01T00:00:00Z,600,,,,,
            """;
        var answer = await room.Everything.PostAsync("/api/loyalty/imports/csv", new StringContent(csv, Encoding.UTF8, "text/csv"));
        var rows = (await answer.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToList();
        rows.Select(r => r.GetProperty("row").GetInt32()).ShouldBe([2, 4, 8]);
        rows[0].GetProperty("id").GetGuid().ShouldBe(one);
        (rows[1].GetProperty("field").GetString(), rows[1].GetProperty("line").GetInt32()).ShouldBe(("points", 7));
        rows[2].GetProperty("error").GetString().ShouldBe("customer-unknown");
    }

    [Fact]
    public async Task while_customers_is_away_only_members_named_by_id_are_imported()
    {
        var member = await room.Member();
        room.Customers.Answers = 503;
        try
        {
            (await room.Send("away", Lines(Row(member)))).ShouldBe(["1 recorded"]);
            var rows = Lines(Row(await room.Member()), Named(Row(member), Number("C-1")));
            var before = await room.Trace();
            var content = new StringContent(rows, Encoding.UTF8, "application/x-ndjson");
            var answer = await room.Everything.PostAsync("/api/loyalty/imports/away", content);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:crm:context-away");
            (await room.Trace()).ShouldBe(before);
        }
        finally
        {
            room.Customers.Answers = null;
        }
    }

    /// <summary>Members that were imported before customers could be named by external ids are found again.</summary>
    [Fact]
    public void the_content_of_a_member_is_the_hash_of_what_it_always_was()
    {
        var row = new ImportMember(joined, 600, CustomerId: Given.Id(1));
        var facts = row.Decide(LoyaltyAccount.Initial, Given.Rules(), "2026", Given.Day(0));
        var id = Given.Id(1);
        var json = $$"""{"customerId":"{{id}}","joinedAt":"2020-01-01T00:00:00+00:00","qualifyingPoints":600,"lots":[],"history":[]}""";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..32];
        facts.OfType<MemberImported>().Single().Content.ShouldBe(hash);
    }
}
