using CrmPlatform.Loyalty.Imports;
using static CrmPlatform.Loyalty.Tests.Imports.ImportWords;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>What may be sent, and tried first. A room of its own: what is written in it is counted.</summary>
public class ImportFileTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task a_dry_run_says_what_an_import_does_and_leaves_no_trace()
    {
        var (one, here, forgotten) = (await room.Member(), await room.Customer(2000), await room.Customer(10));
        await room.Hear("customers", new Contracts.CustomerForgotten(forgotten, LoyaltyRoom.Now));
        var body = Lines(
            Row(one),
            Row(here, history: History(700)),
            Row(forgotten),
            Row(one),
            Row(one, 800),
            Row(await room.Member(), -5),
            Row(here, history: History(699))
        );
        var before = await room.Trace();
        var dry = await room.Send("dry", body, dry: true);
        dry.ShouldBe([
            "1 would-record",
            "2 would-record",
            "3 refused customer-forgotten customerId",
            "4 unchanged",
            "5 refused already-imported customerId",
            "6 refused invalid-row lots[0].points",
            "7 refused already-imported customerId",
        ]);
        (await room.Trace()).ShouldBe(before);
        (await room.Send("dry", body)).ShouldBe(dry.Select(r => r.Replace("would-record", "recorded", StringComparison.Ordinal)));
        (await room.Send("dry", body, dry: true)).ShouldBe(
            dry.Select(r => r.Replace("would-record", "unchanged", StringComparison.Ordinal))
        );
        Numbers(await room.Get($"accounts/{here}")).ShouldBe((2700, 2600, 100, 2700, 2600));
    }

    [Fact]
    public async Task csv_records_of_one_customer_are_one_member_and_the_same_as_its_json()
    {
        var (one, two, four) = (await room.Member(), await room.Member(), await room.Member());
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
        (await room.Send("csv", csv, type: "text/csv")).ShouldBe([
            "2 recorded",
            "7 refused invalid-request points",
            "10 refused invalid-request customerId",
            "11 refused invalid-request record",
            "12 recorded",
            "13 refused invalid-request",
            "14 refused invalid-request",
        ]);
        (await room.Send("csv", csv, dry: true, type: "text/csv")).ShouldContain("2 unchanged");
        var json = $$"""
            {"customerId":"{{one}}","joinedAt":"2020-01-01T08:00:00+08:00","tier":"Silver","qualifyingPoints":600,
            "lots":[
            {"reference":"L-2","points":100,"earnedAt":"2020-01-21T00:00:00Z",
            "expiresAt":"2099-01-01T00:00:00Z","activeFrom":"2098-01-01T00:00:00Z"},
            {"reference":"L-1","points":600,"earnedAt":"2020-01-11T00:00:00Z","expiresAt":null}],
            "history":[
            {"reference":"H-2","kind":"redeemed","points":-50,"occurredAt":"2020-01-31T00:00:00Z","note":"voucher"},
            {"reference":"H-1","kind":"earned","points":750,"occurredAt":"2020-01-11T00:00:00Z","note":"till"}]}
            """.ReplaceLineEndings("");
        (await room.Send("csv", json)).ShouldBe(["1 unchanged"]);
        (await room.Send("csv", $"customerId,record\n{two},\"{new string('x', 5_000)}", type: "text/csv")).ShouldBe([
            "2 refused invalid-request",
        ]);
    }
}
