using System.Text;
using static CrmPlatform.Loyalty.Tests.Imports.ImportWords;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>Imports as a caller sees them. A room of its own: what is written in it is counted.</summary>
public class ImportRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task members_are_imported_once_with_a_result_for_each_row()
    {
        var (one, two, here) = (await room.Member(), await room.Member(), await room.Customer(100));
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
        (await room.Send("2026", body)).Select(Short).ShouldBe(["1 recorded", .. refusals.Take(2), "5 recorded", .. refusals.Skip(2)]);
        (await room.Send("2026", body)).Select(Short).ShouldBe(["1 unchanged", .. refusals.Take(2), "5 unchanged", .. refusals.Skip(2)]);

        var account = await room.Get($"accounts/{one}");
        Numbers(account).ShouldBe((700, 600, 100, 700, 600));
        account.GetProperty("tier").GetString().ShouldBe("Silver");
        account
            .GetProperty("lots")
            .EnumerateArray()
            .Select(l => (l.GetProperty("rule").GetString(), l.GetProperty("remaining").GetInt64()))
            .ShouldBe([("imported", 600), ("imported", 100)]);
        Numbers(await room.Get($"accounts/{here}")).ShouldBe((800, 700, 100, 800, 700));
        Numbers(await room.Get($"accounts/{two}")).ShouldBe((0, 0, 0, 0, 0), "a refused row leaves no trace");
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
    public async Task refused_rows_leave_no_trace()
    {
        var (known, other) = (await room.Customer(100), await room.Member());
        (await room.Send("first", Lines(Row(known)))).ShouldBe(["1 recorded"]);
        var before = await room.Trace();
        (
            await room.Send(
                "second",
                Lines(
                    Row(known),
                    Row(other, tier: "Diamond"),
                    Row(other, history: History(1)),
                    Row(Guid.CreateVersion7()),
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
                "4 refused customer-unknown",
                "5 refused invalid-request",
                "6 refused too-large",
            ]);
        (await room.Trace()).ShouldBe(before);
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
    public async Task an_import_that_broke_off_and_is_repeated_is_as_one_that_did_not()
    {
        var members = await room.Members(1_200);
        var rows = members.Select(m => Row(m, history: History(700))).ToArray();
        // The first 500 were committed, and the process died before it answered.
        (await room.Send("broken", Lines(rows[..500]))).Count.ShouldBe(500);
        await room.Restart();
        (await room.Send("broken", Lines(rows)))
            .CountBy(r => r.Split(' ')[1])
            .OrderBy(c => c.Key)
            .Select(c => (c.Key, c.Value))
            .ShouldBe([("recorded", 700), ("unchanged", 500)]);
        await room.CatchUp();
        await using var connection = await room.Db.OpenConnectionAsync();
        var found = await Dapper.SqlMapper.QueryAsync<(long, long, long)>(
            connection,
            """
            select (select count(*) from mt_events where stream_id = any(@members) and type = 'points_imported'),
                (select sum(earned)::bigint from ledger_account where customer_id = any(@members)),
                (select sum(points)::bigint from statement_entry where customer_id = any(@members))
            """,
            new { members }
        );
        found.Single().ShouldBe((2_400, 840_000, 840_000));
    }
}
