using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.Platform.Tests;

/// <summary>A room with its own user at the broker, which is made as its migration makes it.</summary>
/// <param name="vhost">Where another room runs already; null for a new one.</param>
public sealed class OwnUser<TProgram>(string name, TestVhost? vhost) : Room<TProgram>
    where TProgram : class
{
    string address = "";

    protected override string BrokerAddress => address;

    protected override async Task<TestVhost> NewVhost()
    {
        var mine = vhost?.Borrow() ?? await TestVhost.Create();
        address = await OwnUser.Create(name, mine);
        return mine;
    }
}

static class OwnUser
{
    /// <returns>The broker's address with this user.</returns>
    public static async Task<string> Create(string room, TestVhost vhost)
    {
        var address = new UriBuilder(vhost.Address) { UserName = room, Password = "of-" + room }
            .Uri
            .AbsoluteUri;
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:RabbitMq"] = address,
                [BrokerUser.Management] = TestServers.RabbitMqHttp.AbsoluteUri,
            }
        );
        await BrokerUser.Create(settings.Build(), room, CancellationToken.None);
        return address;
    }
}
