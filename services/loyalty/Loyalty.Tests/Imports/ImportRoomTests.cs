using System.Net;
using System.Text;
using System.Text.Json;
using CrmPlatform.Loyalty.Imports;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>Imports as a caller sees them. A room of its own: what is written in it is counted.</summary>
public class ImportRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static readonly DateTimeOffset joined = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly DateTimeOffset soon = LoyaltyRoom.Now.AddDays(30);

    static object Row(Guid customer, long points = 700, long qualifying = 600, string? tier = "Silver", object[]? history = null) =>
        new
        {
            customerId = customer,
            joinedAt = joined,
            tier,
            qualifyingPoints = qualifying,
            lots = new object[]
            {
                new
                {
                    reference = "L-1",
                    points = points - 100,
                    earnedAt = joined.AddDays(10),
                    expiresAt = (DateTimeOffset?)null,
                },
                new
                {
                    reference = "L-2",
                    points = 100,
                    earnedAt = joined.AddDays(20),
                    expiresAt = soon.AddDays(60),
                    activeFrom = soon,
                },
            },
            history,
        };

    static object[] History(long points) =>
        [
            new
            {
                reference = "H-1",
                kind = "earned",
                points = points + 50,
                occurredAt = joined.AddDays(10),
                note = "till",
            },
            new
            {
                reference = "H-2",
                kind = "redeemed",
                points = -50,
                occurredAt = joined.AddDays(30),
                note = "voucher",
            },
        ];

    static string Lines(params object[] rows) => string.Join("\n", rows.Select(r => r as string ?? JsonSerializer.Serialize(r)));

    Task<List<string>> Send(string import, string body, bool dry = false, string type = "application/x-ndjson") =>
        Send(room, import, body, dry, type);

    internal static async Task<List<string>> Send(
        LoyaltyRoom room,
        string import,
        string body,
        bool dry = false,
        string type = "application/x-ndjson"
    )
    {
        var answer = await room.Everything.PostAsync(
            $"/api/loyalty/imports/{import}{(dry ? "?dryRun=true" : "")}",
            new StringContent(body, Encoding.UTF8, type)
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;
        return
        [
            .. (await answer.Content.ReadAsStringAsync())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
                .Select(r => $"{r.GetProperty("row")} {Text(r, "status")} {Text(r, "error")} {Text(r, "field")}".TrimEnd()),
        ];
    }

    /// <summary>Everything that is stored, as text.</summary>
    internal static async Task<string> Trace(LoyaltyRoom room)
    {
        await room.CatchUp();
        await using var connection = await room.Db.OpenConnectionAsync();
        var text = new StringBuilder();
        foreach (
            var table in new[]
            {
                "mt_events",
                "mt_streams",
                "ledger_account",
                "ledger_lot",
                "ledger_redemption",
                "ledger_adjustment",
                "statement_entry",
                "idempotency_keys",
                "inbox",
                "snapshots",
            }
        )
            text.AppendJoin(
                    '\n',
                    await Dapper.SqlMapper.QueryAsync<string>(connection, $"select '{table} ' || t::text from {table} t order by 1")
                )
                .Append('\n');
        return text.ToString();
    }

    [Fact]
    public async Task members_are_imported_once_with_a_result_for_each_row()
    {
        var (one, two, here) = (Guid.CreateVersion7(), Guid.CreateVersion7(), await room.Customer(100));
        var body = Lines(
            Row(one, history: History(700)),
            "{oops",
            Row(two, tier: "Gold"),
            "",
            Row(here),
            Row(one, 800),
            new { customerId = two },
            "null"
        );
        string[] refusals =
        [
            "2 refused invalid-request",
            "3 refused tier-differs tier",
            "6 refused already-imported customerId",
            "7 refused invalid-request",
            "8 refused invalid-request",
        ];
        (await Send("2026", body)).Select(Short).ShouldBe(["1 recorded", .. refusals.Take(2), "5 recorded", .. refusals.Skip(2)]);
        (await Send("2026", body)).Select(Short).ShouldBe(["1 unchanged", .. refusals.Take(2), "5 unchanged", .. refusals.Skip(2)]);

        var account = await room.Get($"accounts/{one}");
        Numbers(account).ShouldBe((700, 600, 100, 700, 600));
        account.GetProperty("tier").GetString().ShouldBe("Silver");
        account
            .GetProperty("lots")
            .EnumerateArray()
            .Select(l => (l.GetProperty("rule").GetString(), l.GetProperty("remaining").GetInt64()))
            .ShouldBe([("imported", 600), ("imported", 100)]);
        Numbers(await room.Get($"accounts/{here}")).ShouldBe((800, 700, 100, 800, 700));
        ((int)(await room.Everything.GetAsync($"/api/loyalty/accounts/{two}")).StatusCode).ShouldBe(404, "a refused row leaves no trace");
        Numbers(await room.Get($"accounts/{one}?asOf={joined.AddDays(10):O}".Replace("+", "%2B"))).ShouldBe((750, 750, 0, 750, 0));
        Numbers(await room.Get($"accounts/{one}?asOf={joined.AddDays(40):O}".Replace("+", "%2B"))).ShouldBe((700, 700, 0, 750, 0));
        Numbers(await room.Get($"accounts/{here}?asOf={joined.AddDays(40):O}".Replace("+", "%2B"))).ShouldBe((0, 0, 0, 0, 0));

        await room.CatchUp();
        var statement = (await room.Get($"accounts/{one}/statement"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(e => $"{e.GetProperty("kind").GetString()} {e.GetProperty("points")}")
            .Reverse();
        statement.ShouldBe(["opened 0", "earned 750", "redeemed -50", "imported 0", "tier 0", "imported 0", "imported 0"]);
        (await room.Get($"accounts/{here}/statement?kind=imported"))
            .GetProperty("items")
            .EnumerateArray()
            .Sum(e => e.GetProperty("points").GetInt64())
            .ShouldBe(700);
        (await room.Get($"customers/{one}/personal"))
            .GetProperty("facts")
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldBe([
                "account_opened",
                "history_imported",
                "history_imported",
                "member_imported",
                "tier_changed",
                "points_imported",
                "points_imported",
            ]);
        ((int)(await room.Redeem(one, 650)).StatusCode).ShouldBe(422);
        ((int)(await room.Redeem(one, 600)).StatusCode).ShouldBe(201);

        static string Short(string row) =>
            row.Split(' ')[2..] is [var error, ..] && error == "invalid-request" ? string.Join(' ', row.Split(' ')[..3]) : row;
    }

    [Fact]
    public async Task a_dry_run_says_what_an_import_does_and_leaves_no_trace()
    {
        var (one, here, forgotten) = (Guid.CreateVersion7(), await room.Customer(2000), await room.Customer(10));
        await room.Hear("customers", new Contracts.CustomerForgotten(forgotten, LoyaltyRoom.Now));
        var body = Lines(
            Row(one),
            Row(here, history: History(700)),
            Row(forgotten),
            Row(one),
            Row(one, 800),
            Row(Guid.CreateVersion7(), -5),
            Row(here, history: History(699))
        );
        var before = await Trace(room);
        var dry = await Send("dry", body, dry: true);
        dry.ShouldBe([
            "1 would-record",
            "2 would-record",
            "3 refused customer-forgotten customerId",
            "4 unchanged",
            "5 refused already-imported customerId",
            "6 refused invalid-row lots[0].points",
            "7 refused already-imported customerId",
        ]);
        (await Trace(room)).ShouldBe(before);
        (await Send("dry", body)).ShouldBe(dry.Select(r => r.Replace("would-record", "recorded", StringComparison.Ordinal)));
        (await Send("dry", body, dry: true)).ShouldBe(dry.Select(r => r.Replace("would-record", "unchanged", StringComparison.Ordinal)));
        Numbers(await room.Get($"accounts/{here}")).ShouldBe((2700, 2600, 100, 2700, 2600));
    }

    [Fact]
    public async Task refused_rows_leave_no_trace()
    {
        var known = await room.Customer(100);
        (await Send("first", Lines(Row(known)))).ShouldBe(["1 recorded"]);
        var before = await Trace(room);
        (
            await Send(
                "second",
                Lines(
                    Row(known),
                    Row(Guid.CreateVersion7(), tier: "Diamond"),
                    Row(Guid.CreateVersion7(), history: History(1)),
                    "{}",
                    $"{{\"x\":\"{new string('y', 1_100_000)}\"}}"
                )
            )
        )
            .Select(r => string.Join(' ', r.Split(' ')[..3]))
            .ShouldBe([
                "1 refused already-imported",
                "2 refused unknown-tier",
                "3 refused history-differs",
                "4 refused invalid-request",
                "5 refused too-large",
            ]);
        (await Trace(room)).ShouldBe(before);
        var request = new StringContent("", Encoding.UTF8, "application/json");
        ((int)(await room.Everything.PostAsync("/api/loyalty/imports/x", request)).StatusCode).ShouldBe(415);
        foreach (var path in new[] { "imports/a%20b", $"imports/{new string('x', 81)}", "imports/x?dryRun=perhaps" })
            (
                (int)
                    (
                        await room.Everything.PostAsync(
                            "/api/loyalty/" + path,
                            new StringContent("{}", Encoding.UTF8, "application/x-ndjson")
                        )
                    ).StatusCode
            ).ShouldBe(400, path);
    }

    [Fact]
    public async Task csv_records_of_one_customer_are_one_member_and_the_same_as_its_json()
    {
        var (one, two, four) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var csv = $"""
            customerId,record,joinedAt,tier,qualifyingPoints,reference,kind,points,earnedAt,expiresAt,activeFrom,occurredAt,note
            {one},member,2020-01-01T00:00:00Z,Silver,600,,,,,,,,
            {one},lot,,,,L-1,,600,2020-01-11T00:00:00Z,,,,
            {one},lot,,,,L-2,,100,2020-01-21T08:00:00+08:00,2099-01-01T00:00:00Z,2098-01-01T00:00:00Z,,
            {one},history,,,,H-1,earned,750,,,,2020-01-11T00:00:00Z,till
            {one},history,,,,H-2,redeemed,-50,,,,2020-01-31T00:00:00Z,voucher
            {two},member,2020-01-01T00:00:00Z,,0,,,,,,,,
            {two},lot,,,,L-1,,many,2020-01-11T00:00:00Z,,,,
            {two},lot,,,,L-2,,1,2020-01-11T00:00:00Z,,,,
            nobody,member,2020-01-01T00:00:00Z,,0,,,,,,,,
            {four},lot,,,,L-1,,600,2020-01-11T00:00:00Z,,,,
            {two},member,2020-01-01T00:00:00Z,,0,,,,,,,,
            {four},member,2020-01-01T00:00:00Z,,0,,,,,,,,
            {four},lot,,,,a"b,,600,2020-01-11T00:00:00Z,,,,
            """;
        (await Send("csv", csv, type: "text/csv")).ShouldBe([
            "1 recorded",
            "6 refused invalid-request points",
            "9 refused invalid-request customerId",
            "10 refused invalid-request record",
            "11 recorded",
            "12 refused invalid-row lots[0].reference",
        ]);
        (await Send("csv", csv, dry: true, type: "text/csv")).ShouldContain("1 unchanged");
        var json =
            $$"""{"customerId":"{{one}}","joinedAt":"2020-01-01T08:00:00+08:00","tier":"Silver","qualifyingPoints":600,"lots":[{"reference":"L-2","points":100,"earnedAt":"2020-01-21T00:00:00Z","expiresAt":"2099-01-01T00:00:00Z","activeFrom":"2098-01-01T00:00:00Z"},{"reference":"L-1","points":600,"earnedAt":"2020-01-11T00:00:00Z","expiresAt":null}],"history":[{"reference":"H-2","kind":"redeemed","points":-50,"occurredAt":"2020-01-31T00:00:00Z","note":"voucher"},{"reference":"H-1","kind":"earned","points":750,"occurredAt":"2020-01-11T00:00:00Z","note":"till"}]}""";
        (await Send("csv", json)).ShouldBe(["1 unchanged"]);
        (await Send("csv", $"customerId,record\n{two},\"{new string('x', 5_000)}", type: "text/csv")).ShouldBe(["1 refused too-large"]);
    }

    [Fact]
    public async Task an_import_that_broke_off_and_is_repeated_is_as_one_that_did_not()
    {
        var members = Enumerable.Range(0, 1_200).Select(_ => Guid.CreateVersion7()).ToList();
        var rows = members.Select(m => Row(m, history: History(700))).ToArray();
        // The first 500 were committed, and the process died before it answered.
        (await Send("broken", Lines(rows[..500]))).Count.ShouldBe(500);
        await room.Restart();
        (await Send("broken", Lines(rows)))
            .CountBy(r => r.Split(' ')[1])
            .OrderBy(c => c.Key)
            .Select(c => (c.Key, c.Value))
            .ShouldBe([("recorded", 700), ("unchanged", 500)]);
        await room.CatchUp();
        await using var connection = await room.Db.OpenConnectionAsync();
        var found = await Dapper.SqlMapper.QueryAsync<(long, long, long)>(
            connection,
            """
            select (select count(*) from mt_events where stream_id = any(@members) and type = 'points_imported'), (select sum(earned)::bigint from ledger_account where customer_id = any(@members)),
                (select sum(points)::bigint from statement_entry where customer_id = any(@members))
            """,
            new { members }
        );
        found.Single().ShouldBe((2_400, 840_000, 840_000));
    }

    internal static (long Balance, long Available, long Pending, long Earned, long Qualifying) Numbers(JsonElement account)
    {
        long Of(string name) => account.GetProperty(name).GetInt64();
        Of("balance").ShouldBe(Of("earned") - Of("redeemed") - Of("expired") - Of("reversed"));
        Of("balance").ShouldBe(Of("available") + Of("pending") - Of("debt"));
        return (Of("balance"), Of("available"), Of("pending"), Of("earned"), Of("qualifyingPoints"));
    }
}
