using CrmPlatform.ServiceDesk.Tests.Imports;
using static CrmPlatform.ServiceDesk.Tests.Imports.TicketUploads;

namespace CrmPlatform.ServiceDesk.Tests.Queue;

/// <summary>An import records several facts of a ticket at once, also of one that is in the queue.</summary>
public class QueueImportTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task what_an_import_tells_further_moves_a_ticket_in_the_queue()
    {
        string[] life =
        [
            Entry("opened", "04T09:00", channel: "web"),
            Entry("assigned", "04T09:05", agent: "agent-7"),
            Entry("reply", "04T10:00", "email", "agent-7", "We are asking."),
            Entry("waiting", "04T10:02"),
            Entry("customerReply", "06T09:00", "phone", text: "It came."),
            Entry("resolved", "06T09:05", outcome: "explained", cause: "late-carrier"),
            Entry("reopened", "07T09:00", reason: "again"),
            Entry("assigned", "07T09:05", agent: "agent-8"),
        ];
        var source = Fresh();
        (await Told(2)).ShouldBe("open agent-7");
        (await Told(4)).ShouldBe("waiting agent-7");
        (await Told(6)).ShouldBeNull();
        (await Told(8)).ShouldBe("open agent-8");

        async Task<string?> Told(int entries)
        {
            (await fixture.Import($"{Header}\n{Ticket(source, 1, life[..entries])}")).ShouldHaveSingleItem().ShouldEndWith("recorded");
            return await fixture.Db.QuerySingle<string?>(
                """
                select max(case when waits then 'waiting' else 'open' end || ' ' || agent) from ticket_queue
                where customer_id = @Somebody
                """,
                new { Somebody },
                default
            );
        }
    }
}
