using System.Net.Http.Json;
using CrmPlatform.Customers.Orders;
using CrmPlatform.ServiceDefaults;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests;

/// <summary>Amounts and their currencies, and the list of purchases.</summary>
[Collection("customers")]
public sealed class PurchaseListTests(CustomersFixture fixture)
{
    [Theory]
    [InlineData("KWD", 1.235, "KWD", 1, 1.235)]
    [InlineData("USD", 10.05, "JPY", 148.78, 1495)]
    [InlineData("JPY", 1000, "USD", 0.0067216, 6.72)]
    public void the_base_amount_has_the_decimals_of_the_base_currency(
        string currency,
        double net,
        string baseCurrency,
        double rate,
        double expected
    ) =>
        new PurchaseMade(null, "s", "1", "web", currency, (decimal)net, baseCurrency, (decimal)rate, [], default).BaseNet.ShouldBe(
            (decimal)expected
        );

    [Theory]
    [InlineData("JPY", 10.5)]
    [InlineData("USD", 10.505)]
    [InlineData("KWD", 1.2345)]
    public void an_amount_with_more_decimals_than_its_currency_is_refused(string currency, double net)
    {
        var purchase = new RecordPurchase("s", "1", "web", currency, [new("p", 1, (decimal)net)], default);
        Should.Throw<BadRequestException>(purchase.Check).Field.ShouldBe("lines[0].net");
    }

    [Fact]
    public async Task purchases_are_listed_filtered_and_sorted()
    {
        var (source, somebody) = (Fresh(), (await fixture.Somebody()).Id);
        for (var n = 1; n <= 5; n++)
            await fixture
                .All()
                .PostAsJsonAsync(
                    "/api/customers/purchases",
                    new
                    {
                        source,
                        orderNumber = $"{n}",
                        channel = n % 2 == 0 ? "web" : "store",
                        currency = "USD",
                        customerId = n > 3 ? somebody : (Guid?)null,
                        occurredAt = $"2026-05-0{n}T10:00:00Z",
                        lines = new[]
                        {
                            new
                            {
                                productId = "p",
                                quantity = 1,
                                net = n,
                            },
                        },
                    }
                );
        await fixture.CatchUp();
        async Task<string> List(string query)
        {
            var numbers = new List<string>();
            for (string? after = null, path; ; )
            {
                path = $"/api/customers/purchases?source={source}&{query}{(after is null ? "" : $"&after={after}")}";
                var page = await CustomersFixture.Json(await fixture.All().GetAsync(path));
                numbers.AddRange(page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("orderNumber").GetString()!));
                if ((after = page.GetProperty("next").GetString()) is null)
                    return string.Join(' ', numbers);
            }
        }
        (await List("limit=2")).ShouldBe("5 4 3 2 1");
        (await List("limit=2&sort=occurredAt")).ShouldBe("1 2 3 4 5");
        (await List("channel=web")).ShouldBe("4 2");
        (await List($"customerId={somebody}")).ShouldBe("5 4");
        (await List("orderNumber=3")).ShouldBe("3");
        (await List("from=2026-05-02T10:00:00Z&until=2026-05-04T10:00:00Z")).ShouldBe("3 2");
        ((int)(await fixture.All().GetAsync("/api/customers/purchases?after=1_x")).StatusCode).ShouldBe(400);
        ((int)(await fixture.All().GetAsync("/api/customers/purchases?sort=net")).StatusCode).ShouldBe(400);
    }
}
