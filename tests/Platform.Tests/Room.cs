using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// A room among others. Several projects bring an appsettings.json here and one of them wins, so each room is pointed at its own folder.
/// </summary>
public class Room<TProgram> : ServiceFixture<TProgram>
    where TProgram : class
{
    internal static string Folder =>
        Path.Combine(TestServers.Root, Rooms.Room.All.Single(room => room.Assembly == typeof(TProgram).Assembly.GetName().Name).Folder);

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["contentRoot"] = Folder,
            ["Business:TimeZone"] = "America/New_York",
            ["Business:Currency"] = "USD",
        };
}
