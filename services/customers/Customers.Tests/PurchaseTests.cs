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
    public async Task an_unknown_customer_is_refused_without_a_trace_and_a_guest_is_accepted_without_a_portrait()
    {
        var http = fixture.All();
        var refused = await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("o-unknown", Guid.CreateVersion7())),
            HttpStatusCode.UnprocessableEntity
        );
        refused.GetProperty("type").GetString().ShouldBe("urn:crm:customer-unknown");
        await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase("o-unknown", null)),
            HttpStatusCode.Created
        );
        await fixture.CatchUp();
        (await CustomersFixture.Json(await http.GetAsync("/api/customers/summary"))).GetProperty("guestPurchases").GetInt64().ShouldBe(1);
    }

    [Theory]
    [InlineData(1_000_000_000.01, 1), InlineData(1, 1_000_000_001), InlineData(1, -1)]
    public async Task an_amount_that_nobody_has_is_refused_at_both_doors(decimal net, decimal quantity)
    {
        var body = new
        {
            source = "test",
            orderNumber = $"o-huge-{net}-{quantity}",
            channel = "web",
            currency = "USD",
            occurredAt = "2026-05-04T10:00:00Z",
            lines = new[]
            {
                new
                {
                    productId = "x",
                    quantity,
                    net,
                },
            },
        };
        var problem = await CustomersFixture.Json(
            await fixture.All().PostAsJsonAsync("/api/customers/purchases", body),
            HttpStatusCode.BadRequest
        );
        problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldStartWith("Lines[0].");
        var row = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/x-ndjson");
        var result = await (await fixture.All().PostAsync("/api/customers/imports/huge/purchases", row)).Content.ReadAsStringAsync();
        result.ShouldContain("amount-out-of-range");
    }

    [Theory]
    [InlineData(
        "purchases",
        """{"source":"t","orderNumber":"null","channel":"c","currency":"USD","occurredAt":"2026-01-01T00:00:00Z","lines":[null]}""",
        "lines[0]"
    )]
    [InlineData("", """{"kind":"individual","externalIds":[null]}""", "externalIds[0]")]
    [InlineData("", """{"kind":"individual","contacts":[null]}""", "contacts[0]")]
    [InlineData("", """{"kind":"individual","addresses":[null]}""", "addresses[0]")]
    [InlineData("", """{"kind":"individual","tags":[null]}""", "tags[0]")]
    [InlineData("", """{"kind":"individual","consents":[null]}""", "consents[0]")]
    [InlineData("", """{"kind":"enterprise","profile":{"contactPersons":[null]}}""", "profile.contactPersons[0]")]
    [InlineData("", """{"kind":"individual","profile":{"preferences":{"size":null}}}""", "profile.preferences.size")]
    public async Task a_null_in_a_list_is_refused_at_both_doors(string path, string body, string field)
    {
        var answer = await fixture.All().PostAsync($"/api/customers/{path}", new StringContent(body, Encoding.UTF8, "application/json"));
        (await CustomersFixture.Json(answer, HttpStatusCode.BadRequest)).GetProperty("field").GetString().ShouldBe(field);
        var kind = path is "" ? "customers" : path;
        var result = await fixture
            .All()
            .PostAsync($"/api/customers/imports/nulls/{kind}", new StringContent(body, Encoding.UTF8, "application/x-ndjson"));
        var row = JsonDocument.Parse(await result.Content.ReadAsStringAsync()).RootElement;
        (row.GetProperty("status").GetString(), row.GetProperty("field").GetString()).ShouldBe(("refused", field));
    }

    [Fact]
    public async Task every_line_of_a_purchase_is_checked()
    {
        foreach (
            var line in new object[]
            {
                new
                {
                    productId = "",
                    quantity = 1,
                    net = 1,
                },
                new
                {
                    productId = new string('x', 81),
                    quantity = 1,
                    net = 1,
                },
                new
                {
                    productId = "p",
                    category = new string('c', 81),
                    quantity = 1,
                    net = 1,
                },
            }
        )
        {
            var body = new
            {
                source = "test",
                orderNumber = "o-lines",
                channel = "web",
                currency = "USD",
                occurredAt = "2026-05-04T10:00:00Z",
                lines = new[]
                {
                    new
                    {
                        productId = "p",
                        quantity = 1,
                        net = 1,
                    },
                    line,
                },
            };
            (await CustomersFixture.Json(await fixture.All().PostAsJsonAsync("/api/customers/purchases", body), HttpStatusCode.BadRequest))
                .GetProperty("errors")
                .EnumerateObject()
                .Single()
                .Name.ShouldStartWith("Lines[1].");
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

    [Theory]
    [InlineData("{\"source\":\"t\"}", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData(
        "{\"source\":\"t\",\"orderNumber\":\"n\",\"channel\":\"c\",\"currency\":\"usd\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"lines\":[{\"productId\":\"p\",\"quantity\":1,\"net\":1}]}",
        400
    )]
    [InlineData(
        "{\"source\":\"t\",\"orderNumber\":\"n\",\"channel\":\"c\",\"currency\":\"USD\",\"occurredAt\":\"yesterday\",\"lines\":[{\"productId\":\"p\",\"quantity\":1,\"net\":1}]}",
        400
    )]
    [InlineData(
        "{\"source\":\"t\",\"orderNumber\":\"n\",\"channel\":\"c\",\"currency\":\"USD\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"lines\":[]}",
        400
    )]
    [InlineData(
        "{\"source\":\"t\",\"orderNumber\":\"n\",\"channel\":\"c\",\"currency\":\"USD\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"balance\":9,\"lines\":[{\"productId\":\"p\",\"quantity\":1,\"net\":1}]}",
        400
    )]
    [InlineData(
        "{\"source\":\"t\",\"orderNumber\":\"n\",\"channel\":\"c\",\"currency\":\"EUR\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"lines\":[{\"productId\":\"p\",\"quantity\":1,\"net\":1}]}",
        422
    )]
    [InlineData(
        "{\"source\":\"t\",\"orderNumber\":\"n\",\"channel\":\"c\",\"currency\":\"USD\",\"occurredAt\":\"2046-01-01T00:00:00Z\",\"lines\":[{\"productId\":\"p\",\"quantity\":1,\"net\":1}]}",
        422
    )]
    [InlineData(
        "{\"source\":\"t\\u0000\",\"orderNumber\":\"n\",\"channel\":\"c\",\"currency\":\"USD\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"lines\":[{\"productId\":\"p\",\"quantity\":1,\"net\":1}]}",
        400
    )]
    public async Task bad_purchases_are_refused_with_a_problem_and_leave_no_trace(string body, int status)
    {
        var before = await Events();
        var answer = await fixture.All().PostAsync("/api/customers/purchases", new StringContent(body, Encoding.UTF8, "application/json"));
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonSerializer
            .Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync())
            .GetProperty("type")
            .GetString()!
            .ShouldStartWith("urn:crm:");
        (await Events()).ShouldBe(before);
    }

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
            .ShouldBe(["1 recorded", "3 recorded", "4 refused"]);
        (await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/purchases/{rows[0].GetProperty("id").GetGuid()}")))
            .GetProperty("net")
            .GetDecimal()
            .ShouldBe(6);
    }

    async Task<long> Events()
    {
        await using var command = fixture.Db.CreateCommand("select count(*) from mt_events");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
