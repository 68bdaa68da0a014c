using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.Imports.TicketUploads;

namespace CrmPlatform.ServiceDesk.Tests.Imports;

/// <summary>Tickets of another help desk, imported into the running room.</summary>
public class TicketImportTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Json = "application/x-ndjson";

    [Fact]
    public async Task records_of_one_ticket_are_one_ticket_and_the_same_as_its_json()
    {
        var source = Fresh();
        string[] entries =
        [
            Entry("opened", "04T09:00", channel: "web", text: "\"Where is it?\nIt was \"\"promised\"\".\""),
            Entry("assigned", "04T09:05", agent: "agent-7"),
            Entry("reply", "04T09:06", "email", text: "We have received it.", automatic: "TRUE"),
            Entry("reply", "04T10:00", "email", "agent-7", "We are asking."),
            Entry("note", "04T10:01", text: "Again\tthe carrier."),
            Entry("waiting", "04T10:02"),
            Entry("customerReply", "06T09:00", "phone", text: "It came."),
            Entry("resolved", "06T09:05", outcome: "explained", cause: "late-carrier"),
            Entry("rated", "06T10:00", score: "2"),
            Entry("closed", "08T10:00"),
        ];
        (await fixture.Import($"{Header}\n{Ticket(source, 1, entries[..4])}")).ShouldBe(["2 recorded"]);
        var results = await Results(await fixture.Upload($"{Header}\n{Ticket(source, 1, entries)}"));
        results.Select(Short).ShouldBe(["2 recorded"], "the further entries");
        (await fixture.Import($"{Header}\n{Ticket(source, 1, entries)}")).ShouldBe(["2 unchanged"]);
        var json = $$"""
            {"source":"{{source}}","reference":" T-1","customerId":"{{Somebody}}","kind":"complaint","category":"delivery",
            "channel":"web","subject":"Late","text":"Where is it?\nIt was \"promised\".","occurredAt":"2024-03-04T10:00:00+01:00",
            "history":[
            {"event":"assigned","agent":"agent-7","occurredAt":"2024-03-04T09:05:00Z"},
            {"event":"reply","channel":"email","text":"We have received it.","automatic":true,
            "occurredAt":"2024-03-04T09:06:00Z"},
            {"event":"reply","agent":"agent-7","channel":"email","text":"We are asking.",
            "occurredAt":"2024-03-04T10:00:00Z"},
            {"event":"note","text":"Again\tthe carrier.","occurredAt":"2024-03-04T10:01:00Z"},
            {"event":"waiting","occurredAt":"2024-03-04T10:02:00Z"}]}
            """.ReplaceLineEndings("");
        (await fixture.Import(json, Json)).ShouldBe(["1 unchanged"]);
        (await fixture.Import(json.Replace("Late", "Early", StringComparison.Ordinal), Json)).ShouldBe([
            "1 refused duplicate-ticket reference",
        ]);

        var ticket = await fixture.Get($"tickets/{results[0].GetProperty("id").GetGuid()}");
        ticket.GetProperty("status").GetString().ShouldBe("closed");
        ticket.GetProperty("agent").GetString().ShouldBe("agent-7");
        ticket.GetProperty("satisfaction").GetInt32().ShouldBe(2);
        ticket.GetProperty("text").GetString().ShouldBe("Where is it?\nIt was \"promised\".");
        ticket.GetProperty("messages").GetArrayLength().ShouldBe(4);
        ticket.GetProperty("firstReplyMinutes").GetInt32().ShouldBe(60);
        ticket.GetProperty("clocks").EnumerateArray().ShouldAllBe(c => !c.GetProperty("breached").GetBoolean());
        ticket.GetProperty("resolvedAt").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2024, 3, 6, 9, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task a_refusal_names_the_record_that_it_concerns()
    {
        var source = Fresh();
        var opened = Entry("opened", "04T09:00", channel: "web");
        var (resolved, note) = (Entry("resolved", "04T12:00", outcome: "sent", cause: "late"), Entry("note", "04T11:00", text: "x"));
        var csv = string.Concat(
            Header + "\n",
            Ticket(source, 1, opened, resolved, Entry("closed", "04T13:00"), Entry("reply", "05T09:00", "web", text: "x")),
            Ticket(source, 2, opened, Entry("note", "04T11:00"), resolved),
            Ticket(source, 3, opened, Entry("reply", "04T11:00", "E Mail", text: "x")),
            Ticket(source, 4, opened, resolved, note),
            Ticket(source, 5, note, opened),
            Ticket(source, 6, opened, note).Replace("Late,note", "Early,note", StringComparison.Ordinal),
            Ticket(source, 7, Entry("opened", "04T09:00", channel: "web", score: "5"), note),
            Ticket(source, 8, opened, note),
            Ticket(source, 9, opened, Entry("rated", "04T11:00", score: "9")),
            Ticket(source, 10, opened, Entry("reply", "04T11:00", "web", text: "x", automatic: "perhaps"))
        );
        string[] expected =
        [
            "2 refused ticket-closed history[2] 5",
            "6 refused invalid-request text 7",
            "9 refused invalid-request channel 10",
            "11 refused before-last-event occurredAt 13",
            "14 refused invalid-request event",
            "16 refused contradiction subject 17",
            "18 refused invalid-request score",
            "20 recorded",
            "22 refused invalid-request score 23",
            "24 refused invalid-request automatic 25",
        ];
        (await fixture.Import(csv)).ShouldBe(expected);
        var json = Row(source, 20, null, null, new { @event = "note", occurredAt = "2024-03-05T09:00:00Z" });
        (await fixture.Import(json, Json)).ShouldBe(["1 refused invalid-request history[2].text"]);
        await using var connection = await fixture.Db.OpenConnectionAsync();
        (
            await Dapper.SqlMapper.QueryAsync<string>(
                connection,
                "select type from mt_events where headers ->> 'source' = @source order by seq_id",
                new { source }
            )
        ).ShouldBe(["ticket_opened", "escalation_planned", "note_added"], "a refused ticket leaves no trace");
    }

    [Fact]
    public async Task a_dry_run_says_what_an_import_does_and_records_nothing()
    {
        var source = Fresh();
        var closed = new { @event = "closed", occurredAt = "2024-03-05T09:00:00Z" };
        var rows = string.Join(
            '\n',
            Row(source, 1),
            Row(source, 2),
            Row(source, 1),
            Row(source, 1, null, null, closed),
            Row(source, 2, Guid.CreateVersion7()),
            Row(source, 1, null, null, closed, closed)
        );
        var before = await Events();
        string[] expected =
        [
            "1 would-record",
            "2 would-record",
            "3 unchanged",
            "4 would-record",
            "5 refused duplicate-ticket reference",
            "6 unchanged",
        ];
        (await fixture.Import(rows, Json, "?dryRun=true")).ShouldBe(expected);
        (await fixture.Import(rows, Json, "?dryRun=true")).ShouldBe(expected);
        (await Events()).ShouldBe(before);
        (await fixture.Import(rows, Json)).ShouldBe(expected.Select(r => r.Replace("would-record", "recorded", StringComparison.Ordinal)));
        (await fixture.Import(rows, Json, "?dryRun=true")).ShouldBe(
            expected.Select(r => r.Replace("would-record", "unchanged", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task every_fact_of_an_import_keeps_its_source_and_import()
    {
        var source = Fresh();
        (await Results(await fixture.Upload(Row(source, 1), Json, id: source))).Select(Short).ShouldBe(["1 recorded"]);
        await using var connection = await fixture.Db.OpenConnectionAsync();
        (
            await Dapper.SqlMapper.QueryAsync<string>(
                connection,
                "select type || ' ' || (headers ->> 'source') from mt_events where headers ->> 'import' = @source order by seq_id",
                new { source }
            )
        ).ShouldBe(
            from type in new[] { "ticket_opened", "escalation_planned", "ticket_replied", "ticket_resolved" }
            select $"{type} {source}"
        );
    }

    [Fact]
    public async Task promises_of_imported_tickets_are_judged_by_their_own_history()
    {
        var (source, at) = (Fresh(), fixture.Clock.GetUtcNow().AddDays(-20));
        // In time; never answered, so that both promises are broken, but not before its source is silent.
        var late = Row(source, 2, null, at);
        late = late[..late.IndexOf(",\"history\"", StringComparison.Ordinal)] + "}";
        var ids = (await Results(await fixture.Upload($"{Row(source, 1, null, at)}\n{late}", Json)))
            .Select(r => r.GetProperty("id").GetGuid())
            .ToList();
        await fixture.RunDue<BreachClock>();
        (await Breaches(ids[1])).ShouldBeEmpty("the rest may be in the next upload");
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.RunDue<BreachClock>();
        (await Breaches(ids[0])).ShouldBeEmpty();
        var broken = await Breaches(ids[1]);
        broken.Select(b => b.Clock).ShouldBe(["first-response", "resolution"]);
        broken[0].OccurredAt.ShouldBe(at.AddHours(8), TimeSpan.FromHours(1.1));
    }

    async Task<List<SlaBreached>> Breaches(Guid ticket) =>
        [.. (await fixture.Store.FetchStream(ticket)).Select(e => e.Data).OfType<SlaBreached>()];

    async Task<long> Events()
    {
        await using var connection = await fixture.Db.OpenConnectionAsync();
        return await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from mt_events");
    }
}
