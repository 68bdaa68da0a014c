using System.Net.Http.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Imports.TicketUploads;

namespace CrmPlatform.ServiceDesk.Tests.Imports;

/// <summary>A decided complaint of another help desk, imported into the running room.</summary>
public class ComplaintRecordTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task records_of_a_complaint_are_in_the_register_and_given_once()
    {
        const string Columns =
            "source,reference,customerId,kind,category,severity,subject,event,occurredAt,channel,agent,text,automatic,outcome,cause,"
            + "safety,scope,remedy,amount,until,answer";
        var (source, customer) = (Fresh(), Guid.CreateVersion7());
        string[] records =
        [
            "major,Late,opened,2024-03-04T09:00:00Z,web,,,,,,,,,,,",
            "major,Late,acknowledged,2024-03-04T09:30:00Z,email,,,true,,,,,,,,",
            "critical,Late,assessed,2024-03-04T10:00:00Z,,agent-7,,,,,false,one,,,,",
            ",Late,investigated,2024-03-04T10:10:00Z,,agent-7,,,,,,,,,,",
            ",Late,finding,2024-03-04T10:20:00Z,,agent-7,Nobody asked.,,,,,,,,,",
            ",Late,proposed,2024-03-04T10:30:00Z,,agent-7,,,,,,,refund,80.00,2024-03-09T00:00:00Z,",
            ",Late,proposalAnswered,2024-03-05T09:00:00Z,,,,,,,,,,,,accepted",
            ",Late,compensated,2024-03-05T09:10:00Z,,lead-1,,,,,,,refund,80.00,,",
            ",Late,decided,2024-03-05T09:20:00Z,,lead-1,,,partly,slow-answer,,,,,,",
            ",Late,resolved,2024-03-05T09:30:00Z,,,,,refunded,,,,,,,",
        ];
        string Csv(IEnumerable<string> rows) =>
            string.Concat(rows.Select(r => $"{source},T-1,{customer},complaint,billing,{r}\n").Prepend(Columns + "\n"));
        var results = await Results(await fixture.Upload(Csv(records)));
        results.Select(Short).ShouldBe(["2 recorded"]);
        (await fixture.Import(Csv(records))).ShouldBe(["2 unchanged"]);
        records[3] = "minor" + records[3];
        (await fixture.Import(Csv(records))).ShouldBe(["2 refused invalid-request severity 5"]);

        var id = results[0].GetProperty("id").GetGuid();
        var complaint = (await fixture.Get($"tickets/{id}")).GetProperty("complaint");
        complaint.GetProperty("decision").GetProperty("outcome").GetString().ShouldBe("partly");
        complaint.GetProperty("findings")[0].GetProperty("text").GetString().ShouldBe("Nobody asked.");
        complaint.GetProperty("proposals")[0].GetProperty("answer").GetString().ShouldBe("accepted");
        var total = (await fixture.Get("figures/complaints?from=2024-03-01T00:00:00Z&until=2024-03-31T00:00:00Z&by=severity")).GetProperty(
            "groups"
        )[0];
        total.GetProperty("key").GetString().ShouldBe("critical");
        (total.GetProperty("refunds").GetDecimal(), total.GetProperty("acknowledgementMedianMinutes").GetInt32()).ShouldBe((80, 30));

        var published = (await fixture.Store.FetchStream(id)).Select(ServiceDeskFeed.Translate).Select(f => f?.Contract).ToList();
        published.OfType<Contracts.ComplaintDecided>().ShouldHaveSingleItem().Outcome.ShouldBe("partly");
        published.OfType<Contracts.CompensationGranted>().ShouldBeEmpty("nobody pays it a second time");
        var again = new { kind = "refund", amount = 5 };
        await Problem(
            await fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{id}/compensate", again),
            422,
            "already-compensated"
        );
    }
}
