using System.Diagnostics;
using Xunit.Abstractions;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Imports.TicketUploads;

namespace CrmPlatform.ServiceDesk.Tests.Imports;

/// <summary>Whose tickets an import brings: customers is asked, many at once.</summary>
public class TicketCustomerTests(DeskFixture fixture, ITestOutputHelper output) : IClassFixture<DeskFixture>
{
    const string Json = "application/x-ndjson";

    [Fact]
    public async Task unknown_customers_are_refused_row_by_row_and_asked_for_at_once()
    {
        var (source, nobody, known, heard) = (Fresh(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        fixture.Unknown[nobody] = true;
        fixture.Customers.Numbers[("shop", "C-1")] = known;
        await fixture.Hear("customers", new Contracts.CustomerRegistered(heard, "individual", null, fixture.Clock.GetUtcNow()));
        var before = fixture.Customers.Lookups;
        object Number(string value) => new { system = "shop", value };
        const string number = """{"system":"shop","value":"C-1"}""";
        var rows = string.Join(
            '\n',
            Row(source, 1, nobody),
            Row(source, 2, Number(" C-1 ")),
            Row(source, 3, Number("C-2")),
            Row(source, 4, heard),
            Row(source, 5, Number("")),
            Row(source, 6, Guid.CreateVersion7()),
            Row(source, 7).Replace("\"customerId\"", $"\"customer\":{number},\"customerId\"", StringComparison.Ordinal)
        );
        (await fixture.Import(rows, Json)).ShouldBe([
            "1 refused customer-unknown customerId",
            "2 recorded",
            "3 refused customer-unknown customer",
            "4 recorded",
            "5 refused invalid-request customer.value",
            "6 recorded",
            "7 refused invalid-request customerId",
        ]);
        (fixture.Customers.Lookups - before).ShouldBe(2, "for external ids, and for ids that were not heard of");
        (await fixture.Get($"tickets?customer={known}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        var csv = Header.Replace("customerId", "customerSystem,customerValue", StringComparison.Ordinal);
        csv += $"\n{source},T-9,shop,C-1,request,invoice,A copy,opened,2024-03-04T09:00:00Z,phone,,,,,,,\n";
        (await fixture.Import(csv)).ShouldBe(["2 recorded"]);
    }

    [Fact]
    public async Task nothing_is_imported_about_the_forgotten()
    {
        var (source, customer) = (Fresh(), Guid.CreateVersion7());
        (await fixture.Import(Row(source, 1, customer), Json)).ShouldBe(["1 recorded"]);
        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        (await fixture.Import($"{Row(source, 1, customer)}\n{Row(source, 2, customer)}", Json)).ShouldBe([
            "1 refused customer-forgotten customerId",
            "2 refused customer-forgotten customerId",
        ]);
    }

    [Fact]
    public async Task while_customers_is_away_an_import_that_needs_it_is_a_503()
    {
        var (source, heard) = (Fresh(), Guid.CreateVersion7());
        await fixture.Hear("customers", new Contracts.CustomerRegistered(heard, "individual", null, fixture.Clock.GetUtcNow()));
        fixture.CustomersAnswers = 503;
        try
        {
            (await fixture.Import(Row(source, 1, heard), Json)).ShouldBe(["1 recorded"]);
            var rows = $"{Row(source, 2, heard)}\n{Row(source, 3, new { system = "shop", value = "C-1" })}";
            await Problem(await fixture.Upload(rows, Json), 503, "context-away");
            fixture.CustomersAnswers = 403;
            await Problem(await fixture.Upload(rows, Json), 403, "forbidden");
        }
        finally
        {
            fixture.CustomersAnswers = null;
        }
        (await fixture.Get($"tickets?customer={heard}")).GetProperty("items").GetArrayLength().ShouldBe(1, "all rows of a chunk, or none");
    }

    [Fact]
    public async Task an_import_during_which_customers_goes_away_says_where_it_ended()
    {
        var source = Fresh();
        fixture.Customers.LookupsLeft = fixture.Customers.Lookups + 1;
        try
        {
            var rows = Enumerable.Range(1, 600).Select(n => Row(source, n, Guid.CreateVersion7()));
            var results = await fixture.Import(string.Join('\n', rows), Json);
            results.Take(500).ShouldAllBe(r => r.EndsWith("recorded", StringComparison.Ordinal));
            results.Skip(500).ShouldBe(["501 refused context-away"]);
        }
        finally
        {
            fixture.Customers.LookupsLeft = null;
        }
    }

    [Fact]
    public async Task thousands_of_tickets_are_imported_chunk_by_chunk()
    {
        const int Count = 3_000;
        var source = Fresh();
        var at = new DateTimeOffset(2024, 3, 4, 9, 0, 0, TimeSpan.Zero);
        object[] more =
        [
            new
            {
                @event = "rated",
                score = 4,
                occurredAt = at.AddHours(1),
            },
            new
            {
                @event = "customerReply",
                channel = "email",
                text = "Not this one.",
                occurredAt = at.AddHours(2),
            },
            new
            {
                @event = "note",
                text = "The invoice of May.",
                occurredAt = at.AddHours(3),
            },
            new
            {
                @event = "resolved",
                outcome = "sent",
                occurredAt = at.AddHours(4),
            },
            new { @event = "closed", occurredAt = at.AddDays(1) },
        ];
        var customers = Enumerable.Range(0, 1_000).Select(_ => Guid.CreateVersion7()).ToList();
        var rows = string.Join('\n', Enumerable.Range(0, Count).Select(n => Row(source, n, customers[n % customers.Count], at, more)));
        var clock = Stopwatch.StartNew();
        (await fixture.Import(rows, Json)).ShouldAllBe(r => r.EndsWith("recorded", StringComparison.Ordinal));
        output.WriteLine($"{Count / clock.Elapsed.TotalSeconds:0} tickets a second, of 9 facts each");
        clock.Restart();
        (await fixture.Import(rows, Json)).ShouldAllBe(r => r.EndsWith("unchanged", StringComparison.Ordinal));
        output.WriteLine($"{Count / clock.Elapsed.TotalSeconds:0} a second again");
    }
}
