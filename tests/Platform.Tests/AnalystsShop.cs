extern alias crm;
extern alias Customers;

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>A customers service that has sold something, and an analyst's user on its virtual host.</summary>
public sealed class AnalystsShop : Room<Customers::Program>, IAsyncLifetime
{
    readonly string user = "analyst-" + Guid.CreateVersion7().ToString("N");
    Task? sold;

    public HttpClient Api =>
        Http(
            "customers.read",
            "customers.write",
            "customers.purchases.write",
            "customers.behaviour.write",
            "customers.forget",
            "ops.read",
            "ops.stream"
        );

    public string AnalystAddress =>
        new UriBuilder(Vhost.Address) { UserName = user, Password = user }
            .Uri
            .AbsoluteUri;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        using var management = Management();
        (await management.PutAsJsonAsync($"api/users/{user}", new { password = user, tags = "" })).EnsureSuccessStatusCode();
        (
            await management.PutAsJsonAsync(
                $"api/permissions{new Uri(Vhost.Address).AbsolutePath}/{user}",
                new
                {
                    configure = "^$",
                    write = "^$",
                    read = crm::CrmPlatform.Crm.Broker.AnalystReads,
                }
            )
        ).EnsureSuccessStatusCode();
        await Run(Path.Combine(TestServers.Root, "tests", "analysts"), "npm", "ci", "--ignore-scripts", "--prefer-offline");
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        using var management = Management();
        await management.DeleteAsync($"api/users/{user}");
        await DisposeAsync();
    }

    /// <summary>
    /// Twelve customers, two purchases each, guests, cents, a second currency, returns, and one who is forgotten: once.
    /// </summary>
    public Task Sell() => sold ??= Selling();

    async Task Selling()
    {
        var customers = new List<Guid>();
        for (var n = 0; n < 12; n++)
            customers.Add(
                await Post(
                    "/api/customers",
                    new
                    {
                        kind = "individual",
                        profile = new { name = $"欧阳{n}" },
                        contacts = new[]
                        {
                            new { kind = "phone", value = $"+86138{n:D8}" },
                            new { kind = "email", value = $"p{n}@example.com" },
                        },
                    }
                )
            );
        foreach (var (customer, n) in customers.Select(c => (Guid?)c).Append(null).Select((c, n) => (c, n)))
        {
            var first = await Post("/api/customers/purchases", Purchase($"{n}-a", customer, "USD", 10.10m + n));
            await Post("/api/customers/purchases", Purchase($"{n}-b", customer, "CNY", 0.1m));
            if (n % 3 == 0)
                await Post(
                    $"/api/customers/purchases/{first}/returns",
                    new
                    {
                        returnNumber = "r",
                        channel = "store",
                        occurredAt = "2026-05-05T10:00:00Z",
                        net = n == 0 ? (decimal?)null : 0.07m,
                    }
                );
        }
        await Post(
            $"/api/customers/{customers[0]}/page-views",
            new
            {
                page = "/shoes?mail=p0@example.com",
                channel = "web",
                occurredAt = "2026-05-05T10:00:00Z",
            }
        );
        await Post(
            $"/api/customers/{customers[0]}/interactions",
            new
            {
                channel = "phone",
                direction = "inbound",
                topic = "delivery",
                occurredAt = "2026-05-05T10:00:00Z",
            }
        );
        await Post(
            $"/api/customers/{customers[0]}/consents",
            new
            {
                purpose = "marketing",
                channel = "email",
                granted = true,
                noticeVersion = "1",
            }
        );
        (
            await Api.PutAsJsonAsync($"/api/customers/{customers[0]}/profile", new { profile = new { name = "欧阳", province = "广东" } })
        ).EnsureSuccessStatusCode();
        await Post($"/api/customers/{customers[1]}/forget", new { reason = "request" });
        await CatchUp();
    }

    static object Purchase(string number, Guid? customer, string currency, decimal net) =>
        new
        {
            source = "test",
            orderNumber = number,
            channel = "store",
            currency,
            rate = currency == "USD" ? (decimal?)null : 0.14m,
            customerId = customer,
            occurredAt = "2026-05-04T10:00:00Z",
            lines = new[]
            {
                new
                {
                    productId = "p1",
                    quantity = 1,
                    net,
                },
            },
        };

    async Task<Guid> Post(string path, object body)
    {
        var answer = await Api.PostAsJsonAsync(path, body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    static HttpClient Management()
    {
        var address = TestServers.RabbitMqHttp;
        var http = new HttpClient { BaseAddress = new($"{address.Scheme}://{address.Authority}/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)))
        );
        return http;
    }

    public static async Task<string> Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, $"{program}: {await errors}");
        return await output;
    }
}
