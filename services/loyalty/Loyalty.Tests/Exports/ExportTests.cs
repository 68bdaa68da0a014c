using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CrmPlatform.Loyalty.Exports;
using CsvHelper;

namespace CrmPlatform.Loyalty.Tests.Exports;

/// <summary>Statements as files. A room of its own: all of its accounts are exported.</summary>
public class ExportTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    async Task<(string Type, byte[] Bytes)> Get(string path)
    {
        var answer = await room.Everything.GetAsync("/api/loyalty/" + path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (answer.Content.Headers.ContentType!.MediaType!, await answer.Content.ReadAsByteArrayAsync());
    }

    async Task<List<ExportedEntry>> Json(string path) =>
        [
            .. Encoding
                .UTF8.GetString((await Get(path)).Bytes)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonSerializer.Deserialize<ExportedEntry>(l, EventStoreOptions.Json)!),
        ];

    static List<ExportedEntry> Csv(byte[] bytes)
    {
        bytes[..3].ShouldBe(Encoding.UTF8.Preamble.ToArray(), "so that a spreadsheet sees that it is UTF-8");
        Encoding.UTF8.GetString(bytes).ShouldEndWith("\r\n");
        using var csv = new CsvReader(new StreamReader(new MemoryStream(bytes)), CultureInfo.InvariantCulture);
        return
        [
            .. csv.GetRecords(
                    new
                    {
                        customerId = default(Guid),
                        version = 0L,
                        kind = "",
                        points = 0L,
                        balance = 0L,
                        reference = (Guid?)null,
                        note = "",
                        occurredAt = default(DateTimeOffset),
                    }
                )
                .Select(r => new ExportedEntry(
                    r.customerId,
                    r.version,
                    r.kind,
                    r.points,
                    r.balance,
                    r.reference,
                    r.note is "" ? null : r.note,
                    r.occurredAt.ToUniversalTime()
                )),
        ];
    }

    [Fact]
    public async Task a_statement_is_exported_oldest_first_with_a_running_balance_in_both_formats()
    {
        var customer = await room.Customer(100, 200, 300);
        // Told late: it stands where it happened.
        await room.Hear("customers", LoyaltyRoom.Purchase(customer, 50, LoyaltyRoom.Now.AddDays(-30)));
        (await room.Redeem(customer, 120)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await room.CatchUp();
        var (type, bytes) = await Get($"accounts/{customer}/statement/export");
        type.ShouldBe("text/csv");
        var entries = Csv(bytes);
        entries
            .Select(e => (e.Kind, e.Points, e.Balance))
            .ShouldBe([
                ("opened", 0, 0),
                ("earned", 50, 50),
                ("earned", 100, 150),
                ("earned", 200, 350),
                ("earned", 300, 650),
                ("tier", 0, 650),
                ("redeemed", -120, 530),
            ]);
        entries.ShouldBe(entries.OrderBy(e => e.OccurredAt).ThenBy(e => e.Version));
        entries.Select(e => e.Note).ShouldContain("voucher");
        (await Json($"accounts/{customer}/statement/export?format=ndjson")).ShouldBe(entries);

        var (from, to) = (entries[2].OccurredAt, entries[4].OccurredAt);
        string At(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O"));
        (await Json($"accounts/{customer}/statement/export?format=ndjson&from={At(from)}&to={At(to)}")).ShouldBe(
            entries[2..4],
            "the balance goes on from what was before"
        );
    }

    [Fact]
    public async Task all_statements_are_exported_account_by_account_and_add_up_to_the_summary()
    {
        for (var i = 0; i < 10; i++)
            await room.Hear("customers", [.. Enumerable.Range(0, 50).Select(_ => LoyaltyRoom.Purchase(Guid.CreateVersion7(), 700))]);
        await room.CatchUp();
        var entries = Csv((await Get("exports/statements")).Bytes);
        var summary = await room.Get("summary");
        var accounts = entries.GroupBy(e => e.CustomerId).ToList();
        (accounts.Count, accounts.Sum(a => a.Last().Balance)).ShouldBe(
            (summary.GetProperty("accounts").GetInt32(), summary.GetProperty("balance").GetInt64())
        );
        accounts.Count.ShouldBeGreaterThan(400);
        entries.Select(e => e.CustomerId).Distinct().Select(id => id.ToString()).ShouldBeInOrder();
        accounts.ShouldAllBe(a => a.Sum(e => e.Points) == a.Last().Balance);
        (await Json("exports/statements?format=ndjson")).ShouldBe(entries);
        (await Json("exports/statements?format=ndjson&to=2000-01-01T00:00:00Z")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("format=xlsx", "format"), InlineData("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    public async Task what_cannot_be_exported_is_said_with_its_field(string query, string field)
    {
        var customer = await room.Customer(1);
        foreach (var path in new[] { $"accounts/{customer}/statement/export", "exports/statements" })
        {
            var answer = await room.Everything.GetAsync($"/api/loyalty/{path}?{query}");
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString().ShouldBe(field);
        }
        (await room.Everything.GetAsync($"/api/loyalty/accounts/{Guid.CreateVersion7()}/statement/export")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await room.Http("loyalty.read").GetAsync("/api/loyalty/exports/statements")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [
        InlineData("=1+1", "'=1+1"),
        InlineData("+a", "'+a"),
        InlineData("-a", "'-a"),
        InlineData("@a", "'@a"),
        InlineData("\ta", "'\ta"),
        InlineData("金卡", "金卡"),
        InlineData("a-b", "a-b"),
        InlineData(null, null)
    ]
    public void no_note_is_a_formula(string? note, string? written) => StatementFile.Harmless(note).ShouldBe(written);
}
