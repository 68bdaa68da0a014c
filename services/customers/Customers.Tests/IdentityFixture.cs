using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests;

/// <summary>A room in which customers are compared.</summary>
public class IdentityFixture : ServiceFixture<Program>
{
    public HttpClient All() => Http([.. CustomersFixture.Everything]);

    public static object Who(string name, string email, string? phone = null, string? source = null) =>
        new
        {
            kind = "individual",
            source,
            profile = new { name },
            contacts = phone is null
                ? new[] { new { kind = "email", value = email } }
                : [new { kind = "email", value = email }, new { kind = "phone", value = phone }],
        };

    public async Task<Guid> Register(string name, string email, string? phone = null, string? source = null) =>
        (
            await CustomersFixture.Json(
                await All().PostAsJsonAsync("/api/customers", Who(name, email, phone, source)),
                HttpStatusCode.Created
            )
        )
            .GetProperty("id")
            .GetGuid();

    public async Task Revise(Guid id, string name, string email, string? phone = null)
    {
        var contacts = new List<object> { new { kind = "email", value = email } };
        if (phone is not null)
            contacts.Add(new { kind = "phone", value = phone });
        await CustomersFixture.Json(await All().PutAsJsonAsync($"/api/customers/{id}/profile", new { profile = new { name }, contacts }));
    }

    /// <summary>What follows from candidates, as merges, follows from followers of followers.</summary>
    public async Task Settle()
    {
        for (var i = 0; i < 3; i++)
            await CatchUp();
    }

    public async Task<JsonElement> Get(string path) => await CustomersFixture.Json(await All().GetAsync($"/api/customers/{path}"));

    public async Task<List<JsonElement>> Queue(string query = "") =>
        [.. (await Get($"candidates?{query}")).GetProperty("items").EnumerateArray()];

    public async Task<JsonElement> Resolve(string name, string email) =>
        await CustomersFixture.Json(await All().PostAsJsonAsync("/api/customers/identity/resolve", Asked(name, email)));

    public static object Asked(string name, string email) =>
        new
        {
            kind = "individual",
            profile = new { name },
            contacts = new[] { new { kind = "email", value = email } },
        };

    public async Task<HttpResponseMessage> Reject(Guid candidate, string reason, long? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/customers/candidates/{candidate}/reject")
        {
            Content = JsonContent.Create(new { reason }),
        };
        if (ifMatch is { } version)
            request.Headers.Add("If-Match", $"\"{version}\"");
        return await All().SendAsync(request);
    }

    /// <summary>How many rows the index has of a customer.</summary>
    public async Task<long> Keys(Guid id)
    {
        await using var command = Db.CreateCommand(
            "select (select count(*) from match_keys where customer_id = $1) + (select count(*) from match_profiles where customer_id = $1)"
        );
        command.Parameters.Add(new() { Value = id });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>All rows of the index and of the queue.</summary>
    public async Task<string> Contents()
    {
        await using var command = Db.CreateCommand(
            """
            select concat_ws(E'\n',
                (select string_agg(k::text, E'\n' order by k.key, k.customer_id) from match_keys k),
                (select string_agg(p::text, E'\n' order by p.customer_id) from match_profiles p),
                (select string_agg(c::text, E'\n' order by c.id) from match_candidates c))
            """
        );
        return (string)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>A room whose registrations name who may be the same.</summary>
public sealed class AlertingFixture : IdentityFixture
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Identity:Duplicates"] = "alert" };
}

/// <summary>A room that refuses to register who is almost certainly known.</summary>
public sealed class BlockingFixture : IdentityFixture
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Identity:Duplicates"] = "block" };
}

/// <summary>A room that may compare identity numbers.</summary>
public sealed class NumberedFixture : IdentityFixture
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Identity:IdNumbers"] = "true" };
}
