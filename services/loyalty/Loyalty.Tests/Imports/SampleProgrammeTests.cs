using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Xunit.Abstractions;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>The sample programme: dry, in earnest, and again, against a plain computation straight from the file.</summary>
public class SampleProgrammeTests(LoyaltyRoom room, ITestOutputHelper output) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task its_balances_equal_a_plain_computation_and_importing_again_changes_nothing()
    {
        using var file = new StreamReader(
            new GZipStream(File.OpenRead(Path.Combine(TestServers.Root, "samples", "programme.ndjson.gz")), CompressionMode.Decompress)
        );
        var text = await file.ReadToEndAsync();
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToList();
        rows.Count.ShouldBe(500);
        await room.Hear(
            "customers",
            [
                .. rows.Select(r => new Contracts.CustomerRegistered(
                    r.GetProperty("customerId").GetGuid(),
                    "individual",
                    null,
                    r.GetProperty("joinedAt").GetDateTimeOffset()
                )),
            ]
        );
        var before = await room.Trace();
        (await room.Send("sample", text, dry: true)).ShouldBe(rows.Select((_, i) => $"{i + 1} would-record"));
        (await room.Trace()).ShouldBe(before);
        var clock = Stopwatch.StartNew();
        (await room.Send("sample", text)).ShouldBe(rows.Select((_, i) => $"{i + 1} recorded"));
        output.WriteLine($"500 members in {clock.ElapsedMilliseconds} ms");
        var written = await room.Trace();
        (await room.Send("sample", text)).ShouldBe(rows.Select((_, i) => $"{i + 1} unchanged"));
        (await room.Trace()).ShouldBe(written);

        var (now, balance) = (LoyaltyRoom.Now, 0L);
        foreach (var row in rows)
        {
            var lots = row.GetProperty("lots").EnumerateArray().ToList();
            long Sum(Func<JsonElement, bool> which) => lots.Where(which).Sum(l => l.GetProperty("points").GetInt64());
            bool Gone(JsonElement lot) =>
                lot.GetProperty("expiresAt") is { ValueKind: JsonValueKind.String } at && at.GetDateTimeOffset() <= now;
            bool Waits(JsonElement lot) => lot.TryGetProperty("activeFrom", out var at) && at.GetDateTimeOffset() > now;
            var account = await room.Get($"accounts/{row.GetProperty("customerId").GetGuid()}");
            ImportWords
                .Numbers(account)
                .ShouldBe(
                    (
                        Sum(l => !Gone(l)),
                        Sum(l => !Gone(l) && !Waits(l)),
                        Sum(Waits),
                        Sum(_ => true),
                        row.GetProperty("qualifyingPoints").GetInt64()
                    )
                );
            account.GetProperty("tier").GetString().ShouldBe(row.GetProperty("tier").GetString());
            balance += Sum(l => !Gone(l));
        }
        (await room.Get("summary")).GetProperty("balance").GetInt64().ShouldBe(balance);
    }
}
