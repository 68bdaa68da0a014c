using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmPlatform.Customers.Tests;

/// <summary>Whoever is shown personal text is recorded. A room of its own: it is restarted, and its clock is moved.</summary>
public sealed class PersonalReadsTests(CustomersFixture fixture) : IClassFixture<CustomersFixture>
{
    async Task<JsonElement[]> Reads(string query)
    {
        var answer = await fixture.Http("personal.audit").GetAsync($"/api/customers/personal-reads?{query}");
        return [.. (await CustomersFixture.Json(answer)).GetProperty("items").EnumerateArray()];
    }

    async Task<List<string?>> Operations(Guid customer) =>
        [.. (await Reads($"customerId={customer}")).Select(r => r.GetProperty("operation").GetString())];

    [Fact]
    public async Task whoever_is_shown_personal_text_is_recorded_with_what_they_asked()
    {
        var (one, two) = (await fixture.Somebody("慕容有人看"), await fixture.Somebody("慕容有人看"));
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/customers/{one.Id}") { Headers = { { "X-Correlation-Id", "look-1" } } };
        (await fixture.All().SendAsync(request)).EnsureSuccessStatusCode();
        var read = (await Reads($"customerId={one.Id}")).ShouldHaveSingleItem();
        (
            read.GetProperty("subject").GetString(),
            read.GetProperty("operation").GetString(),
            read.GetProperty("customerId").GetGuid(),
            read.GetProperty("correlationId").GetString()
        ).ShouldBe(("tester", "GetCustomer", one.Id, "look-1"));
        (read.GetProperty("at").GetDateTimeOffset() - fixture.Clock.GetUtcNow()).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(30));

        await fixture.All().PostAsJsonAsync("/api/customers/search", new { name = "有人看" });
        await fixture.All().PostAsJsonAsync("/api/customers/search", new { phone = two.Phone });
        await fixture.All().PostAsJsonAsync("/api/customers/search", new { id = two.Id });
        await fixture.All().GetAsync("/api/customers?limit=200");
        (await Operations(one.Id)).ShouldBe(["GetCustomers", "SearchCustomers", "GetCustomer"]);
        (await Operations(two.Id)).ShouldBe(["GetCustomers", "SearchCustomers", "SearchCustomers", "SearchCustomers"]);
    }

    [Fact]
    public async Task who_is_shown_none_is_not_recorded()
    {
        var (id, phone, _, _) = await fixture.Somebody();
        var analyst = fixture.Http("customers.read");
        await analyst.GetAsync($"/api/customers/{id}");
        await analyst.GetAsync("/api/customers");
        await analyst.PostAsJsonAsync("/api/customers/search", new { phone });
        await fixture.All().GetAsync($"/api/customers/{id}?asOf=2001-01-01");
        await fixture.All().GetAsync("/api/customers/summary");
        (await Operations(id)).ShouldBeEmpty();
        await fixture.All().PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        await fixture.All().GetAsync($"/api/customers/{id}");
        (await Operations(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task reads_are_found_by_who_and_when_and_paged()
    {
        var id = (await fixture.Somebody()).Id;
        var begin = fixture.Clock.GetUtcNow();
        for (var i = 0; i < 5; i++)
            await fixture.All().GetAsync($"/api/customers/{id}");
        (await Reads($"customerId={id}&by=tester")).Length.ShouldBe(5);
        (await Reads($"customerId={id}&by=nobody")).ShouldBeEmpty();
        (await Reads($"customerId={id}&from={begin:O}".Replace("+", "%2B", StringComparison.Ordinal))).Length.ShouldBe(5);
        (await Reads($"customerId={id}&until={begin:O}".Replace("+", "%2B", StringComparison.Ordinal))).ShouldBeEmpty();
        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = await CustomersFixture.Json(
                await fixture.Http("personal.audit").GetAsync($"/api/customers/personal-reads?customerId={id}&limit=2{after}")
            );
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("id").GetString()!));
            after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : "";
        } while (after != "");
        (seen.Count, seen.Distinct().Count()).ShouldBe((5, 5));
    }

    [Fact]
    public async Task a_service_that_stops_writes_what_it_has_shown()
    {
        var id = (await fixture.Somebody()).Id;
        for (var i = 0; i < 20; i++)
            (await fixture.All().GetAsync($"/api/customers/{id}")).EnsureSuccessStatusCode();
        await fixture.Restart();
        (await Operations(id)).Count.ShouldBe(20);
    }

    [Fact]
    public async Task what_cannot_be_recorded_waits_and_health_says_so()
    {
        var id = (await fixture.Somebody()).Id;
        await Execute("alter table personal_reads rename to personal_reads_away");
        try
        {
            (await fixture.All().GetAsync($"/api/customers/{id}")).EnsureSuccessStatusCode();
            await Health("Degraded");
            (await fixture.Http("ops.read").GetStringAsync("/metrics")).ShouldContain("\ncrm_personal_reads_failures");
        }
        finally
        {
            await Execute("alter table personal_reads_away rename to personal_reads");
        }
        await Health("Healthy");
        (await Operations(id)).ShouldBe(["GetCustomer"]);

        async Task Health(string expected)
        {
            for (var i = 0; ; i++)
            {
                var checks = JsonSerializer
                    .Deserialize<JsonElement>(await (await fixture.Anonymous().GetAsync("/health/ready")).Content.ReadAsStringAsync())
                    .GetProperty("checks");
                if (checks.GetProperty("personal-reads").GetProperty("status").GetString() == expected)
                    return;
                i.ShouldBeLessThan(300, $"{expected} is expected: {checks}");
                await Task.Delay(50);
            }
        }
    }

    [Fact]
    public async Task reads_are_kept_for_three_years()
    {
        var id = (await fixture.Somebody()).Id;
        await fixture.All().GetAsync($"/api/customers/{id}");
        (await Operations(id)).Count.ShouldBe(1);
        var retention = fixture.Services.GetRequiredService<PersonalReadRetention>();
        fixture.Clock.Advance(TimeSpan.FromDays(1_095));
        await retention.Run(default);
        (await Operations(id)).Count.ShouldBe(1);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        await retention.Run(default);
        (await Operations(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task the_service_can_add_reads_but_not_change_them()
    {
        await using var update = fixture.Db.CreateCommand("update personal_reads set subject = 'somebody else'");
        (await Should.ThrowAsync<PostgresException>(() => update.ExecuteNonQueryAsync())).SqlState.ShouldBe(
            PostgresErrorCodes.InsufficientPrivilege
        );
    }

    async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(fixture.Database.Admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
