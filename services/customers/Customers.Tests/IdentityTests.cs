using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests;

/// <summary>By what customers and purchases are known again.</summary>
[Collection("customers")]
public sealed class IdentityTests(CustomersFixture fixture)
{
    async Task<(HttpStatusCode Status, JsonElement Body)> Register(string system, params string[] ids)
    {
        var answer = await fixture
            .All()
            .PostAsJsonAsync(
                "/api/customers",
                new { kind = "individual", externalIds = ids.Select(value => new { system, value }).ToArray() }
            );
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    [Fact]
    public async Task the_order_of_external_ids_does_not_matter_and_new_ones_are_linked()
    {
        var system = Fresh();
        var (created, first) = await Register(system, "a", "b");
        created.ShouldBe(HttpStatusCode.Created);
        var id = first.GetProperty("id").GetGuid();
        foreach (var ids in new[] { ["b", "a"], ["c", "a"], ["b", "d"], new[] { "d", "c" } })
        {
            var (status, body) = await Register(system, ids);
            status.ShouldBe(HttpStatusCode.OK, string.Join(' ', ids));
            body.GetProperty("id").GetGuid().ShouldBe(id, string.Join(' ', ids));
        }
        var (_, other) = await Register(system, "x");
        var (conflict, problem) = await Register(system, "y", "a", "x");
        conflict.ShouldBe(HttpStatusCode.Conflict);
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:duplicate-identity");
        problem.GetProperty("detail").GetString()!.ShouldContain(id.ToString());
        problem.GetProperty("detail").GetString()!.ShouldContain(other.GetProperty("id").GetString()!);
        (await Register(system, "y")).Status.ShouldBe(HttpStatusCode.Created, "the refused registration linked nothing");
    }

    [Theory]
    [InlineData(" a ")]
    [InlineData("\ta")]
    [InlineData("a\u00a0")]
    public async Task white_space_and_composition_do_not_make_another_key(string spelled)
    {
        var system = Fresh();
        var (_, first) = await Register(system, "a", "e\u0301");
        (await Register(system, spelled)).Body.GetProperty("id").GetString().ShouldBe(first.GetProperty("id").GetString());
        (await Register(system, "\u00e9")).Body.GetProperty("id").GetString().ShouldBe(first.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("a\u0007b")]
    [InlineData("a\u200bb")]
    [InlineData("   ")]
    public async Task control_and_invisible_characters_are_no_key(string spelled) =>
        (await Register(Fresh(), spelled)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task an_order_number_is_one_however_it_is_spelled()
    {
        var source = Fresh();
        async Task<(HttpStatusCode, Guid)> Buy(string number)
        {
            var answer = await fixture
                .All()
                .PostAsJsonAsync(
                    "/api/customers/purchases",
                    new
                    {
                        source,
                        orderNumber = number,
                        channel = "web",
                        currency = "USD",
                        occurredAt = "2026-05-04T10:00:00Z",
                        lines = new[]
                        {
                            new
                            {
                                productId = " p",
                                quantity = 1,
                                net = 5,
                            },
                        },
                    }
                );
            return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
        }
        var (_, id) = await Buy("W-1");
        (await Buy(" W-1 ")).ShouldBe((HttpStatusCode.OK, id));
        (await fixture.Import("purchases", $"{Header}\n{source},W-1 ,web,USD,2026-05-04T10:00:00Z,p ,1,5\n")).ShouldBe(["2 unchanged"]);

        // Before keys were compared, an order was stored under its number as it was spelled.
        var old = NameId.For("order", source, "W-2 ");
        var made = new PurchaseMade(
            null,
            source,
            "W-2 ",
            "web",
            "USD",
            5,
            "USD",
            1,
            [new(" p", 1, 5)],
            new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero)
        );
        await fixture.Store.Write(new Request(TimeProvider.System), Write.Append(Order.Of(old), made));
        (await Buy("W-2 ")).ShouldBe((HttpStatusCode.OK, old));
    }

    [Fact]
    public async Task ids_are_looked_up_by_external_ids_and_back()
    {
        var system = Fresh();
        var (_, one) = await Register(system, "1", "one");
        var (_, two) = await Register(system, "2");
        var answer = await fixture
            .All()
            .PostAsJsonAsync(
                "/api/customers/lookups",
                new
                {
                    ids = new[] { two.GetProperty("id").GetGuid(), Guid.CreateVersion7() },
                    externalIds = new[] { new { system, value = " one" }, new { system, value = "no" } },
                }
            );
        (await answer.Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("items")
            .EnumerateArray()
            .ToDictionary(
                c => c.GetProperty("id").GetString()!,
                c => string.Join(' ', c.GetProperty("externalIds").EnumerateArray().Select(x => x.GetProperty("value").GetString()))
            )
            .ShouldBe(
                new Dictionary<string, string>
                {
                    [one.GetProperty("id").GetString()!] = "1 one",
                    [two.GetProperty("id").GetString()!] = "2",
                },
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task a_key_that_is_older_than_its_row_does_not_answer_with_another_thing()
    {
        var key = Fresh();
        async Task<(HttpStatusCode, Guid?)> Send(string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/customers")
            {
                Content = JsonContent.Create(new { kind = "individual", profile = new { name } }),
            };
            request.Headers.Add("Idempotency-Key", key);
            var answer = await fixture.All().SendAsync(request);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (answer.StatusCode, body.TryGetProperty("id", out var id) ? id.GetGuid() : null);
        }
        var (created, first) = await Send("甲");
        created.ShouldBe(HttpStatusCode.Created);
        (await Send("甲")).ShouldBe((HttpStatusCode.Created, first), "the first answer again");
        (await Send("乙")).Item1.ShouldBe(HttpStatusCode.Conflict);
        await using var connection = await fixture.Db.OpenConnectionAsync();
        Task Age() => Dapper.SqlMapper.ExecuteAsync(connection, "delete from idempotency_keys where id = @first", new { first });
        await Age();
        (await Send("甲")).ShouldBe((HttpStatusCode.OK, first), "what it created is found");
        await Age();
        var (other, second) = await Send("乙");
        other.ShouldBe(HttpStatusCode.Created);
        second.ShouldNotBe(first);
    }
}
