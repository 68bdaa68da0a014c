using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>All rooms and the gateway in front of them, each in a process of its own, with the gateway's own tokens.</summary>
public sealed class WholePlatform : IAsyncLifetime
{
    public const string Client = "walker",
        Secret = "the secret of the walker";
    static readonly string[] permissions = ["customers.read", "customers.write", "customers.purchases.write", "loyalty.read"];

    readonly List<RoomProcess> processes = [];
    readonly List<TestDatabase> databases = [];
    TestVhost? vhost;

    public Uri Gateway { get; private set; } = null!;

    /// <summary>The OpenAPI documents: of the gateway, and of each room by its name.</summary>
    public Dictionary<string, string> Documents { get; } = [];

    public async Task InitializeAsync()
    {
        vhost = await TestVhost.Create();
        var rooms = CrmPlatform.Rooms.Room.All;
        var ports = FreePorts(rooms.Count + 1);
        Gateway = Local(ports[^1]);
        var addresses = rooms.Zip(ports).ToDictionary(room => $"Services:{room.First.Project}", room => Local(room.Second).ToString());
        foreach (var (room, port) in rooms.Zip(ports))
        {
            var database = room.OnlyReads ? await PortraitsRoom.Tables() : await TestDatabase.Create(CrmService.Tables);
            databases.Add(database);
            Start(
                room.Assembly,
                Path.Combine(TestServers.Root, room.Folder),
                port,
                new(addresses)
                {
                    ["ConnectionStrings:Postgres"] = database.App,
                    ["ConnectionStrings:RabbitMq"] = vhost.Address,
                    ["Auth:Authority"] = Gateway.ToString().TrimEnd('/'),
                    ["Business:TimeZone"] = "America/New_York",
                    ["Business:Currency"] = "USD",
                    ["PersonalData:MasterKey"] = Convert.ToBase64String(new byte[32]),
                    ["PersonalData:IndexKey"] = Convert.ToBase64String(new byte[32]),
                }
            );
        }
        var gateway = new Dictionary<string, string>(addresses)
        {
            ["Auth:Authority"] = Gateway.ToString().TrimEnd('/'),
            ["Auth:SigningKeys:0"] = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem(),
            ["Auth:Clients:0:Id"] = Client,
            ["Auth:Clients:0:Secret"] = Secret,
        };
        for (var i = 0; i < permissions.Length; i++)
            gateway[$"Auth:Clients:0:Permissions:{i}"] = permissions[i];
        Start("CrmPlatform.Gateway", Path.Combine(TestServers.Root, "services", "gateway", "Gateway"), ports[^1], gateway);
        foreach (var (room, port) in rooms.Zip(ports))
            Documents[room.Name] = await Read(new Uri(Local(port), "/openapi/v1.json"));
        Documents["gateway"] = await Read(new Uri(Gateway, "/openapi/v1.json"));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
        foreach (var database in databases)
            await database.DisposeAsync();
        if (vhost is not null)
            await vhost.DisposeAsync();
    }

    void Start(string program, string folder, int port, Dictionary<string, string> settings)
    {
        settings["ASPNETCORE_URLS"] = Local(port).ToString();
        processes.Add(RoomProcess.Start(Assembly.Load(program), folder, settings));
    }

    /// <summary>Waits until it serves, and until no room is missing: on a busy machine one may answer late.</summary>
    static async Task<string> Read(Uri address)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        for (var tries = 0; ; tries++)
            try
            {
                var document = await http.GetStringAsync(address);
                if (!document.Contains("x-crm-missing", StringComparison.Ordinal) || tries >= 600)
                    return document;
                await Task.Delay(1_000);
            }
            catch (HttpRequestException) when (tries < 600)
            {
                await Task.Delay(100);
            }
    }

    static Uri Local(int port) => new($"http://127.0.0.1:{port}");

    static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
