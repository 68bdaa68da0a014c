using System.Net;
using System.Text.Json;
using CrmPlatform.Segmentation.Tests.Groups;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Grading;

/// <summary>What a preview says, a run publishes and explains. A room of its own: its counts matter.</summary>
public class GradingPreviewTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    static readonly Guid[] all = [.. Enumerable.Range(0, 30).Select(_ => Guid.CreateVersion7())];

    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    async Task Shop()
    {
        var random = new Random(4);
        await fixture.Hear(
            "customers",
            [
                .. all.SelectMany(c =>
                    Enumerable
                        .Range(0, random.Next(1, 6))
                        .Select(_ => (object)Purchase(c, random.Next(1, 400), Now.AddHours(-random.Next(30, 1_000))))
                ),
            ]
        );
        await fixture.Settle();
    }

    [Fact]
    public async Task a_run_publishes_what_the_preview_said_and_says_why_for_ever()
    {
        await Shop();
        await fixture.Run();
        (await fixture.Publish("full", GradingWorld.Full)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // The first run: everybody has a grade for the first time.
        await ShouldEqualTheRun("full", null, "run");
        (await fixture.Grade("full", HttpStatusCode.OK)).ShouldBe(await LatestRun("full"), "the same day, version and data");
        var counts = await fixture.Counts("full");
        counts.Values.Sum().ShouldBe(30);
        counts.Keys.ShouldBe(["S", "A", "B", "C"]);

        // Another version moves some, some up and some down.
        var draft = GradingWorld.Full.Replace("\"from\":40", "\"from\":50").Replace("\"from\":20", "\"from\":10");
        (await fixture.Preview("full", draft)).GetProperty("version").GetInt32().ShouldBe(2);
        await ShouldEqualTheRun("full", draft, "scheme");

        // More is bought and comes back: the next run again does what the preview says.
        var before = await Whys();
        var bought = all[..12].Select((c, i) => Purchase(c, 300 + i, Now.AddMinutes(-10))).ToArray();
        await fixture.Hear("customers", [.. bought, GroupWorld.Returned(bought[3], 303, wholly: true, Now.AddMinutes(-5))]);
        await fixture.Settle();
        (await Whys()).ShouldBe(before, "what a run had is not what happened after it");
        await ShouldEqualTheRun("full", null, "run");
        (await Whys()).ShouldNotBe(before);
        await fixture.Daemon.Rebuild("standing-grades");
        await fixture.Daemon.Rebuild("grading-runs");
        await fixture.Daemon.Rebuild("grade-schemes");
        (await fixture.Counts("full")).Values.Sum().ShouldBe(30);

        async Task<string> Whys()
        {
            var said = new List<string>();
            foreach (var c in all)
                said.Add((await fixture.Get($"customers/{c}/grades/full/why")).GetRawText());
            return string.Join('\n', said);
        }
    }

    async Task<Guid> LatestRun(string code) => (await fixture.Get($"customers/{all[0]}/grades/{code}/why")).GetProperty("runId").GetGuid();

    /// <summary>The preview, the facts of the run, and the explanations are one.</summary>
    async Task ShouldEqualTheRun(string code, string? draft, string cause)
    {
        var preview = await fixture.Preview(code, draft);
        var before = await Heard(code);
        if (draft is not null)
            await fixture.Publish(code, draft);
        var run = await fixture.Grade(code);
        var moved = (await Heard(code)).Except(before).ToList();
        moved.ShouldNotBeEmpty();
        moved.ShouldAllBe(m => m.Cause == cause);
        moved
            .CountBy(m => (m.From, m.To))
            .Select(m => $"{m.Key.From}>{m.Key.To} {m.Value}")
            .Order()
            .ShouldBe(
                preview
                    .GetProperty("moves")
                    .EnumerateArray()
                    .Select(p => $"{p.GetProperty("from")}>{p.GetProperty("to")} {p.GetProperty("customers")}")
                    .Order()
            );
        foreach (var path in preview.GetProperty("moves").EnumerateArray())
        foreach (var example in path.GetProperty("sample").EnumerateArray())
        {
            var id = example.GetProperty("customerId").GetGuid();
            moved.Single(m => m.Customer == id).To.ShouldBe(path.GetProperty("to").GetString());
            var why = await fixture.Get($"customers/{id}/grades/{code}/why");
            (why.GetProperty("runId").GetGuid(), why.GetProperty("score").GetDecimal()).ShouldBe(
                (run, example.GetProperty("score").GetDecimal())
            );
            why.GetProperty("grade").GetString().ShouldBe(path.GetProperty("to").GetString());
            why.GetProperty("before").GetString().ShouldBe(path.GetProperty("from").GetString());
            Parts(why).Sum(p => p.GetProperty("contribution").GetDecimal()).ShouldBe(why.GetProperty("score").GetDecimal());
        }
        var seen = await fixture.Get($"grade-schemes/{code}/runs/{run}");
        (seen.GetProperty("customersChanged").GetInt32(), seen.GetProperty("publishes").GetBoolean()).ShouldBe((moved.Count, true));
        preview.GetProperty("stays").EnumerateObject().Sum(s => s.Value.GetInt32()).ShouldBe(30 - moved.Count);
        (await fixture.Preview(code)).GetProperty("moves").GetArrayLength().ShouldBe(0);
    }

    static List<JsonElement> Parts(JsonElement why) => [.. why.GetProperty("indicators").EnumerateArray()];

    async Task<List<(Guid Customer, string? From, string To, string? Cause, DateTimeOffset At)>> Heard(string code)
    {
        var heard = new List<(Guid, string?, string, string?, DateTimeOffset)>();
        foreach (var c in all)
            heard.AddRange((await fixture.Told(c, code)).Select(t => (c, t.From, t.To, t.Cause, t.At)));
        return heard;
    }
}
