extern alias Loyalty;

using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>A room ends when it is asked to, whatever it is doing.</summary>
public class EndingTests
{
    [Fact]
    public async Task a_room_that_is_stopped_while_it_starts_exits_with_0_and_sends_its_metrics()
    {
        await using var collector = await OtlpReceiver.Start();
        await using var vhost = await TestVhost.Create();
        await using var database = await TestDatabase.Create(CrmService.Tables);
        await using var room = RoomProcess.Start<Loyalty::Program>(
            new Dictionary<string, string>
            {
                ["ConnectionStrings:Postgres"] = database.App,
                ["ConnectionStrings:RabbitMq"] = vhost.Address,
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["PersonalData:MasterKey"] = Convert.ToBase64String(new byte[32]),
                ["PersonalData:IndexKey"] = Convert.ToBase64String(new byte[32]),
            }
        );
        await room.Begins();
        await room.Stop();
        collector.Instruments.ShouldContain(i => i.Service == "crm-loyalty");
    }
}
