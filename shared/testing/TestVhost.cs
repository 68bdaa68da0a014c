using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace CrmPlatform.Testing;

/// <summary>A new virtual host on the broker, deleted afterwards with every queue and exchange in it.</summary>
public sealed class TestVhost : IAsyncDisposable
{
    readonly string name;
    readonly bool borrowed;
    readonly HttpClient api;

    TestVhost(string name, bool borrowed)
    {
        (this.name, this.borrowed) = (name, borrowed);
        var address = TestServers.RabbitMqHttp;
        api = new()
        {
            BaseAddress = new(address.GetLeftPart(UriPartial.Authority).Replace(address.UserInfo + "@", "", StringComparison.Ordinal)),
        };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)))
        );
    }

    /// <summary>AMQP address of this virtual host.</summary>
    public string Address => $"amqp://{TestServers.RabbitMq.UserInfo}@{TestServers.RabbitMq.Authority}/{name}";

    public static async Task<TestVhost> Create()
    {
        var vhost = new TestVhost("t" + Guid.CreateVersion7().ToString("N"), borrowed: false);
        (await vhost.api.PutAsync($"/api/vhosts/{vhost.name}", null)).EnsureSuccessStatusCode();
        var user = TestServers.RabbitMq.UserInfo.Split(':')[0];
        (
            await vhost.api.PutAsJsonAsync(
                $"/api/permissions/{vhost.name}/{user}",
                new
                {
                    configure = ".*",
                    write = ".*",
                    read = ".*",
                }
            )
        ).EnsureSuccessStatusCode();
        return vhost;
    }

    /// <summary>The same for another room: whoever created it deletes it.</summary>
    public TestVhost Borrow() => new(name, borrowed: true);

    public async ValueTask DisposeAsync()
    {
        if (!borrowed)
            await api.DeleteAsync($"/api/vhosts/{name}");
        api.Dispose();
    }
}
