using System.Net;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>Rows of another programme, and the words in which tests import them.</summary>
static class ImportWords
{
    public static readonly DateTimeOffset joined = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset soon = LoyaltyRoom.Now.AddDays(30);

    public static object Row(Guid customer, long points = 700, long qualifying = 600, string? tier = "Silver", object[]? history = null) =>
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

    /// <summary>A customer who was registered when they joined the earlier programme.</summary>
    public static async Task<Guid> Member(this LoyaltyRoom room) => (await room.Members(1))[0];

    public static async Task<List<Guid>> Members(this LoyaltyRoom room, int count)
    {
        var members = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        await room.Hear("customers", [.. members.Select(m => new Contracts.CustomerRegistered(m, "individual", null, joined))]);
        return members;
    }

    public static object[] History(long points) =>
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

    public static string Lines(params object[] rows) => string.Join("\n", rows.Select(r => r as string ?? JsonSerializer.Serialize(r)));

    public static async Task<List<string>> Send(
        this LoyaltyRoom room,
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
    public static async Task<string> Trace(this LoyaltyRoom room)
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

    public static (long Balance, long Available, long Pending, long Earned, long Qualifying) Numbers(JsonElement account)
    {
        long Of(string name) => account.GetProperty(name).GetInt64();
        Of("balance").ShouldBe(Of("earned") - Of("redeemed") - Of("expired") - Of("reversed"));
        Of("balance").ShouldBe(Of("available") + Of("pending") - Of("debt"));
        return (Of("balance"), Of("available"), Of("pending"), Of("earned"), Of("qualifyingPoints"));
    }
}
