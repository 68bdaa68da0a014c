using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// A room among others. Several projects bring an appsettings.json here and one of them wins, so each room is pointed at its own folder.
/// </summary>
public class Room<TProgram> : ServiceFixture<TProgram> where TProgram : class
{
    static readonly Dictionary<string, string> folders = new()
    {
        ["CrmPlatform.Customers"] = "customers/Customers", ["CrmPlatform.Segmentation"] = "segmentation/Segmentation",
        ["CrmPlatform.ServiceDesk"] = "service-desk/ServiceDesk", ["CrmPlatform.Loyalty"] = "loyalty/Loyalty", ["CrmPlatform.Portraits"] = "portraits/Portraits",
    };

    internal static string Folder => Path.Combine(TestServers.Root, "services", folders[typeof(TProgram).Assembly.GetName().Name!]);

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["contentRoot"] = Folder,
        ["Business:TimeZone"] = "America/New_York",
        ["Business:Currency"] = "USD",
    };
}
