using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Published complaints at the bureau, which acknowledges them by sending them to the company. A room of its own.</summary>
public class ConsumerAcknowledgementTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    /// <summary>The numbers were computed from the file by another program.</summary>
    [Fact]
    public async Task complaints_are_acknowledged_on_the_days_of_the_file()
    {
        await fixture.Imported(
            "cfpb_145",
            row =>
                row.Ticket(
                    "bureau",
                    row.Received,
                    new
                    {
                        @event = "acknowledged",
                        channel = "mail",
                        occurredAt = row.Sent,
                    }
                )
        );
        const string Period = "from=2011-01-01T00:00:00Z&until=2018-01-01T00:00:00Z";
        var acknowledged = (await fixture.Get($"figures?{Period}")).GetProperty("acknowledgement");
        (N(acknowledged, "met"), N(acknowledged, "missed")).ShouldBe((93, 52), "93 were sent on the same day, which is within four hours");
        (N(acknowledged, "medianMinutes"), N(acknowledged, "p90Minutes")).ShouldBe((0, 4 * 1_440));
        var late = await fixture.Get($"figures/tickets?{Period}&figure=missed&promise=acknowledgement&limit=200");
        late.GetProperty("items").EnumerateArray().Max(t => N(t, "minutes")).ShouldBe(99 * 1_440);
    }

    static long N(JsonElement of, string name) => of.GetProperty(name).GetInt64();
}
