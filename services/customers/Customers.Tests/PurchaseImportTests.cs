using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class PurchaseImportTests(CustomersFixture fixture)
{
    [Fact]
    public async Task an_import_answers_row_by_row_and_may_be_repeated()
    {
        var (person, http) = ((await fixture.Somebody()).Id, fixture.All());
        string Row(string number, object who) =>
            JsonSerializer.Serialize(
                new
                {
                    source = "imp",
                    orderNumber = number,
                    channel = "store",
                    currency = "USD",
                    occurredAt = "2026-05-04T10:00:00Z",
                    customer = who,
                    lines = new[]
                    {
                        new
                        {
                            productId = "p",
                            category = "A",
                            quantity = 0,
                            net = 0m,
                        },
                    },
                }
            );
        var upload = string.Join(
            "\n",
            Row("i-1", new { id = person }),
            Row("i-2", new { system = "none", value = "x" }),
            "{oops",
            Row("i-3", new { id = person }),
            "",
            "{\"source\":\"imp\"}"
        );
        async Task<List<string>> Send() =>
            [
                .. (
                    await (
                        await http.PostAsync(
                            "/api/customers/imports/t1/purchases",
                            new StringContent(upload, Encoding.UTF8, "application/x-ndjson")
                        )
                    ).Content.ReadAsStringAsync()
                )
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
                    .Select(r => $"{r.GetProperty("row")} {r.GetProperty("status").GetString()}"),
            ];
        (await Send()).ShouldBe(["1 recorded", "2 refused", "3 refused", "4 recorded", "6 refused"]);
        (await Send()).ShouldBe(["1 unchanged", "2 refused", "3 refused", "4 unchanged", "6 refused"]);
    }

    [Fact]
    public async Task csv_rows_of_one_order_are_one_purchase()
    {
        await CustomersFixture.Json(
            await fixture
                .All()
                .PostAsJsonAsync(
                    "/api/customers",
                    new { kind = "individual", externalIds = new[] { new { system = "csv", value = "c1" } } }
                ),
            HttpStatusCode.Created
        );
        const string upload = """
            source,orderNumber,channel,currency,occurredAt,customerSystem,customerValue,productId,category,quantity,net
            csv,1,store,USD,2026-05-04T10:00:00Z,csv,c1,p1,"A, B",1,2.50
            csv,1,store,USD,2026-05-04T10:00:00Z,csv,c1,p2,C,2,3.50
            csv,2,store,USD,2026-05-05T10:00:00Z,csv,c1,p1,C,1,1
            csv,3,store,USD,never,csv,c1,p1,C,1,1
            """;
        var answer = await (
            await fixture.All().PostAsync("/api/customers/imports/t2/purchases", new StringContent(upload, Encoding.UTF8, "text/csv"))
        ).Content.ReadAsStringAsync();
        var rows = answer
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
            .ToList();
        rows.Select(r => $"{r.GetProperty("row")} {r.GetProperty("status").GetString()}")
            .ShouldBe(["2 recorded", "4 recorded", "5 refused"]);
        (await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/purchases/{rows[0].GetProperty("id").GetGuid()}")))
            .GetProperty("net")
            .GetDecimal()
            .ShouldBe(6);
    }
}
