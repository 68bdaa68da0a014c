using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class BadPurchaseTests(CustomersFixture fixture)
{
    const string Head = """{"source":"t","orderNumber":"n","channel":"c",""";
    const string Lines = """ "lines":[{"productId":"p","quantity":1,"net":1}]}""";

    [Theory]
    [InlineData(1_000_000_000_000.01, 1), InlineData(1, 1_000_000_001), InlineData(1, -1)]
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
        result.ShouldContain("\"field\":\"lines[0].");
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

    [Theory]
    [InlineData("{\"source\":\"t\"}", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData(Head + "\"currency\":\"usd\",\"occurredAt\":\"2026-01-01T00:00:00Z\"," + Lines, 400)]
    [InlineData(Head + "\"currency\":\"USD\",\"occurredAt\":\"yesterday\"," + Lines, 400)]
    [InlineData(Head + "\"currency\":\"USD\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"lines\":[]}", 400)]
    [InlineData(Head + "\"currency\":\"USD\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"balance\":9," + Lines, 400)]
    [InlineData(Head + "\"currency\":\"EUR\",\"occurredAt\":\"2026-01-01T00:00:00Z\"," + Lines, 422)]
    [InlineData(Head + "\"currency\":\"USD\",\"occurredAt\":\"2046-01-01T00:00:00Z\"," + Lines, 422)]
    [InlineData(
        "{\"source\":\"t\\u0000\",\"orderNumber\":\"n\",\"channel\":\"c\","
            + "\"currency\":\"USD\",\"occurredAt\":\"2026-01-01T00:00:00Z\","
            + Lines,
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

    async Task<long> Events()
    {
        await using var command = fixture.Db.CreateCommand("select count(*) from mt_events");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
