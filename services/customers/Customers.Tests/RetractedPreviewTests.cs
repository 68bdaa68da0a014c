using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>What a preview says of what was taken back before.</summary>
public sealed class RetractedPreviewTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Fact]
    public async Task it_says_when_and_counts_what_would_still_be_done()
    {
        var http = room.Curator();
        var people = await http.Customers("p1", "p1", "c1", "c2");
        await http.Purchases("p1", "p1", "o1:c1:10", "o2::20");
        room.Told.Add((people.Ids[0]!.Value, "service-desk.ticket-opened", 1));
        var before = await room.Preview(http, "imports/p1");
        before.GetProperty("retractedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        Counts(before).ShouldBe((2, 0, 0, 1, 1));
        var done = await room.Retract(http, "imports/p1", forget: true);

        var after = await room.Preview(http, "imports/p1");
        after.GetProperty("retractedAt").GetDateTimeOffset().ShouldBe(done.GetProperty("finishedAt").GetDateTimeOffset());
        Counts(after).ShouldBe((0, 0, 0, 0, 0));
        after.GetProperty("kept").GetArrayLength().ShouldBe(0);
        after.GetProperty("remains").GetArrayLength().ShouldBe(0);

        await http.Purchases("p1", "p1", "o3:c1:30");
        var more = await room.Preview(http, "imports/p1");
        Counts(more).ShouldBe((1, 0, 0, 0, 1), "who was forgotten is not forgotten again");
        await room.Retract(http, "imports/p1");
        Counts(await room.Preview(http, "imports/p1")).ShouldBe((0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task what_another_retraction_took_is_not_counted_and_what_was_told_again_is()
    {
        var http = room.Curator();
        await http.Customers("p2-people", "p2", "c1");
        await http.Purchases("p2-orders", "p2", "o1::100", "o2::50");
        await http.Returns("p2-wrong", "p2", "o1:R1:40");
        await http.Returns("p2-right", "p2", "o1:R2:10", "o2:R3:5");
        var row = """{"kind":"individual","externalIds":[{"system":"p2","value":"c1"},{"system":"p2-till","value":"T9"}]}""";
        var body = new StringContent(row, System.Text.Encoding.UTF8, "application/x-ndjson");
        (await http.PostAsync("/api/customers/imports/p2-link/customers", body)).EnsureSuccessStatusCode();
        await room.Retract(http, "imports/p2-link");
        Counts(await room.Preview(http, "imports/p2-link")).ShouldBe((0, 0, 0, 0, 0));
        await room.Retract(http, "imports/p2-wrong");
        Counts(await room.Preview(http, "imports/p2-wrong")).ShouldBe((0, 0, 0, 0, 0));
        Counts(await room.Preview(http, "imports/p2-right")).ShouldBe((0, 2, 0, 0, 0));
        Counts(await room.Preview(http, "imports/p2-orders")).ShouldBe((2, 0, 0, 0, 0), "one of them under its next id");
        await room.Retract(http, "imports/p2-orders");
        Counts(await room.Preview(http, "imports/p2-right")).ShouldBe((0, 0, 0, 0, 0), "gone with their purchases");
    }

    static (long, long, long, long, long) Counts(JsonElement preview) =>
        (
            preview.GetProperty("purchases").GetInt64(),
            preview.GetProperty("returns").GetInt64(),
            preview.GetProperty("externalIds").GetInt64(),
            preview.GetProperty("forgets").GetInt64(),
            preview.GetProperty("keeps").GetInt64()
        );
}
