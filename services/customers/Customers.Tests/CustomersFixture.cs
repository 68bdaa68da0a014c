using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests;

public sealed class CustomersFixture : ServiceFixture<Program>
{
    public static readonly string[] Everything =
    [
        "customers.read",
        "customers.write",
        "customers.purchases.write",
        "customers.behaviour.write",
        "customers.contact.use",
        "customers.import",
        "customers.forget",
        "customers.sources.write",
        "customers.sources.retract",
        "customers.tags.manage",
        "customers.companies.write",
        "customers.identity.read",
        "customers.identity.review",
        "customers.identity.merge",
        "customers.quality.read",
        "customers.quality.write",
        "customers.quality.rules",
        "personal.read",
        "personal.audit",
        "personal.export",
        "ops.read",
        "ops.rebuild",
        "ops.skip",
        "ops.dead-letters",
        "ops.stream",
    ];

    protected override bool DescribesItsProblems => true;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Business:TimeZone"] = "America/New_York", ["Business:Currency"] = "USD" };

    public HttpClient All() => Http(Everything);

    /// <summary>A registered customer with a phone number of their own.</summary>
    public async Task<(Guid Id, string Phone, string Email, string Name)> Somebody(string? name = null)
    {
        var n = Interlocked.Increment(ref count);
        var (phone, email) = ($"+86138{n:D8}", $"person{n}@example.com");
        var answer = await All()
            .PostAsJsonAsync(
                "/api/customers",
                new
                {
                    kind = "individual",
                    profile = new
                    {
                        name = name ?? $"欧阳测试{n}号",
                        gender = "female",
                        province = "广东",
                    },
                    contacts = new[] { new { kind = "phone", value = phone }, new { kind = "email", value = email } },
                }
            );
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(),
            phone,
            email,
            name ?? $"欧阳测试{n}号"
        );
    }

    static int count;

    public static object Purchase(
        string number,
        Guid? customer,
        decimal net = 10.5m,
        string at = "2026-05-04T10:00:00Z",
        string category = "GROCERY"
    ) =>
        new
        {
            source = "test",
            orderNumber = number,
            channel = "store",
            currency = "USD",
            customerId = customer,
            occurredAt = at,
            lines = new[]
            {
                new
                {
                    productId = "p1",
                    category,
                    quantity = 1,
                    net,
                },
            },
        };

    public static async Task<JsonElement> Json(
        HttpResponseMessage answer,
        System.Net.HttpStatusCode expected = System.Net.HttpStatusCode.OK
    )
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}

[CollectionDefinition("customers")]
public sealed class CustomersCollection : ICollectionFixture<CustomersFixture>;
