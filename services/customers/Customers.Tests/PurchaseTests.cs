using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class PurchaseTests(CustomersFixture fixture)
{
    [Fact]
    public async Task the_same_order_again_changes_nothing_and_another_one_under_its_number_is_refused()
    {
        var (person, http) = ((await fixture.Somebody()).Id, fixture.All());
        var order = CustomersFixture.Purchase("o-same", person);
        var first = await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", order), HttpStatusCode.Created);
        (await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", order))).ToString().ShouldBe(first.ToString());
        (
            await CustomersFixture.Json(
                await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("o-same", person, 11)),
                HttpStatusCode.Conflict
            )
        )
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:duplicate-order");
    }

    [Fact]
    public async Task a_clock_that_runs_ahead_a_little_means_now()
    {
        var (person, http) = ((await fixture.Somebody()).Id, fixture.All());
        var now = fixture.Clock.GetUtcNow();
        var order = CustomersFixture.Purchase("o-ahead", person, at: now.AddMinutes(4).ToString("O"));
        var made = await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", order), HttpStatusCode.Created);
        await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", order));
        var id = made.GetProperty("id").GetGuid();
        var purchase = await CustomersFixture.Json(await http.GetAsync($"/api/customers/purchases/{id}"));
        purchase.GetProperty("occurredAt").GetDateTimeOffset().ShouldBe(now, TimeSpan.FromSeconds(1));
        var back = new
        {
            returnNumber = "r-ahead",
            channel = "store",
            occurredAt = now.AddSeconds(30),
        };
        for (var i = 0; i < 2; i++)
        {
            var answer = await http.PostAsJsonAsync($"/api/customers/purchases/{id}/returns", back);
            answer.StatusCode.ShouldBe(i == 0 ? HttpStatusCode.Created : HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
        var late = CustomersFixture.Purchase("o-ahead-2", person, at: now.AddMinutes(6).ToString("O"));
        (await http.PostAsJsonAsync("/api/customers/purchases", late)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task another_order_under_a_known_number_stays_refused_with_its_key()
    {
        var (person, http) = ((await fixture.Somebody()).Id, fixture.All());
        (await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("o-keyed", person))).StatusCode.ShouldBe(
            HttpStatusCode.Created
        );
        http.DefaultRequestHeaders.Add("Idempotency-Key", "another-order");
        for (var i = 0; i < 2; i++)
        {
            var answer = await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("o-keyed", person, 11));
            var problem = await CustomersFixture.Json(answer, HttpStatusCode.Conflict);
            problem.GetProperty("type").GetString().ShouldBe("urn:crm:duplicate-order");
        }
    }

    [Fact]
    public async Task a_purchase_of_an_unknown_customer_is_refused_and_one_of_a_guest_accepted()
    {
        var (http, before) = (fixture.All(), await Guests());
        var refused = await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("o-unknown", Guid.CreateVersion7())),
            HttpStatusCode.UnprocessableEntity
        );
        refused.GetProperty("type").GetString().ShouldBe("urn:crm:customer-unknown");
        await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("o-unknown", null)),
            HttpStatusCode.Created
        );
        (await Guests()).ShouldBe(before + 1);

        async Task<long> Guests()
        {
            await fixture.CatchUp();
            return (await CustomersFixture.Json(await fixture.All().GetAsync("/api/customers/summary")))
                .GetProperty("guestPurchases")
                .GetInt64();
        }
    }

    [Fact]
    public async Task partial_returns_add_up_to_the_whole_and_not_a_cent_more()
    {
        var (person, http) = ((await fixture.Somebody()).Id, fixture.All());
        var body = new
        {
            source = "test",
            orderNumber = "o-eur",
            channel = "online",
            currency = "EUR",
            rate = 1.0837m,
            customerId = person,
            occurredAt = "2026-05-04T10:00:00Z",
            lines = new[]
            {
                new
                {
                    productId = "x",
                    category = "FASHION",
                    quantity = 3,
                    net = 10.01m,
                },
            },
        };
        var id = (await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/purchases", body), HttpStatusCode.Created))
            .GetProperty("id")
            .GetGuid();
        object Return(string number, decimal? net) =>
            new
            {
                returnNumber = number,
                channel = "store",
                occurredAt = "2026-05-05T10:00:00Z",
                net,
            };
        await CustomersFixture.Json(
            await http.PostAsJsonAsync($"/api/customers/purchases/{id}/returns", Return("r1", 3.33m)),
            HttpStatusCode.Created
        );
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/purchases/{id}/returns", Return("r1", 3.33m)));
        (
            await CustomersFixture.Json(
                await http.PostAsJsonAsync($"/api/customers/purchases/{id}/returns", Return("r2", 7m)),
                HttpStatusCode.UnprocessableEntity
            )
        )
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:return-exceeds-purchase");
        await CustomersFixture.Json(
            await http.PostAsJsonAsync($"/api/customers/purchases/{id}/returns", Return("r3", null)),
            HttpStatusCode.Created
        );
        await fixture.CatchUp();
        var told = (await fixture.Store.FetchStream(id)).Select(e => CustomersFeed.Translate(e)!.Contract).ToList();
        var returns = told.OfType<Contracts.PurchaseReturned>().ToList();
        returns.Sum(r => r.BaseNet).ShouldBe(told.OfType<Contracts.PurchaseRecorded>().Single().BaseNet);
        returns.Select(r => r.WhollyReturned).ShouldBe([false, true]);
    }
}
