extern alias Customers;
extern alias Portraits;

using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Portraits::CrmPlatform.Portraits;

namespace CrmPlatform.Platform.Tests;

/// <summary>Customers, who sells something, and portraits beside it on the same broker.</summary>
public sealed class Shop : Room<Customers::Program>
{
    public HttpClient Api => Http("customers.write", "customers.purchases.write");
    public HttpClient Ops => Http("ops.read", "ops.rebuild");

    public Task<Guid> Register() => Post("/api/customers", new { kind = "individual", source = "shop" });

    public Task<Guid> Buy(string number, Guid customer) =>
        Post(
            "/api/customers/purchases",
            new
            {
                source = "test",
                orderNumber = number,
                channel = "store",
                currency = "USD",
                customerId = customer,
                occurredAt = "2026-05-04T10:00:00Z",
                lines = new[]
                {
                    new
                    {
                        productId = "p1",
                        quantity = 1,
                        net = 10,
                    },
                },
            }
        );

    /// <summary>Sends the log again, and returns when it has.</summary>
    public async Task Resend()
    {
        (await Ops.PostAsync("/api/customers/ops/resends/portraits", null)).EnsureSuccessStatusCode();
        while ((await Ops.GetFromJsonAsync<JsonElement>("/api/customers/ops/resends")).GetArrayLength() > 0)
            await Task.Delay(20);
    }

    async Task<Guid> Post(string path, object body)
    {
        var answer = await Api.PostAsJsonAsync(path, body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }
}

/// <summary>Portraits on another room's broker.</summary>
public sealed class PortraitsRoom(string broker) : Room<Portraits::Program>
{
    protected override string BrokerAddress => broker;

    public static Task<TestDatabase> Tables() => TestDatabase.Create(CrmService.TablesOfReaders + PortraitsHearing.Tables, log: false);

    protected override Task<TestDatabase> NewDatabase() => Tables();

    public async Task<string[]> States() =>
        (
            (string)
                (
                    await Ask(
                        """
                        select coalesce(string_agg(customer_id::text || convert_from(state, 'UTF8'), E'\n' order by customer_id), '')
                        from portrait
                        """
                    )
                )!
        ).Split('\n');

    public async Task<long> Entries() => (long)(await Ask("select count(*) from timeline"))!;

    /// <summary>Everything, as if it had a new database. Who remembers what was there notices.</summary>
    public async Task Lose()
    {
        await using var admin = Npgsql.NpgsqlDataSource.Create(Database.Admin);
        await using var command = admin.CreateCommand("truncate timeline, read.portrait, heard");
        await command.ExecuteNonQueryAsync();
    }

    async Task<object?> Ask(string sql)
    {
        await using var command = Db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
