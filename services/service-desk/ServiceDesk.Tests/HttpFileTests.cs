namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>The desk with the hours and promises that ship with the service.</summary>
public sealed class ShippedDesk : DeskFixture
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>([
            new("ServiceDesk:BreachEvery", "01:00:00"),
            // At the hour of this clock no message leaves: whether one has left by then would be chance.
            new("Sending:FromHour", "20"),
            new("Sending:UntilHour", "21"),
            Customers.Setting,
        ]);
}

/// <summary>The room's <c>.http</c> file runs as written. It has its own room, because the clock must stand still.</summary>
public class HttpFileTests(ShippedDesk room) : IClassFixture<ShippedDesk>
{
    static readonly string folder = Path.Combine(TestServers.Root, "services", "service-desk");

    [Fact]
    public async Task the_http_file_runs_from_top_to_bottom_and_its_answers_are_the_examples()
    {
        var file = HttpFile.Read(Path.Combine(folder, "service-desk.http"));
        // A Tuesday in Shanghai, an hour after the desk has opened.
        var today = new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
        room.Clock.Stop(today);

        // The tier and grade that the head of the file presupposes, as loyalty and segmentation publish them.
        await room.Hear("loyalty", new Contracts.TierChanged(Id("customer"), "Silver", "Gold", 2000, today.AddDays(-40)));
        await room.Hear(
            "segmentation",
            new Contracts.GradeChanged(Id("other"), "abc", null, "C", Guid.CreateVersion7(), today.AddDays(-1))
        );

        await room.Hear("customers", [.. GroupsTold.Merged(Id("other"), Id("twin"))]);

        room.Unknown[Id("nobody")] = true;
        room.Customers.Numbers[("shop", "C-7")] = Id("other");

        await HttpRun.Check(room, file, Path.Combine(folder, "ServiceDesk", "examples.json"), new Dictionary<string, string>());

        Guid Id(string name) => Guid.Parse(file.Variables[name]);
    }
}
