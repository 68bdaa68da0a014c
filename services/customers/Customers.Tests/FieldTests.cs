using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>A refusal names the field, or the column, as the caller sent it.</summary>
[Collection("customers")]
public sealed class FieldTests(CustomersFixture room)
{
    readonly HttpClient http = room.All();

    [Fact]
    public async Task of_two_customers_the_one_that_is_unknown_or_forgotten_is_named()
    {
        var (company, nobody) = (await Company(), Guid.CreateVersion7());
        var forgotten = (await room.Somebody()).Id;
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{forgotten}/forget", new { reason = "request" }));
        foreach (var id in new[] { nobody, forgotten })
        {
            (await Field(http.PutAsJsonAsync($"/api/customers/companies/{company}/parent", Parent(id)))).ShouldBe("parentId");
            (await Field(http.PutAsJsonAsync($"/api/customers/companies/{id}/parent", Parent(company)))).ShouldBe("id");
            (await Field(http.PostAsJsonAsync($"/api/customers/companies/{company}/contacts", Contact(id)))).ShouldBe("personId");
            (await Field(http.PostAsJsonAsync($"/api/customers/companies/{id}/contacts", Contact(null)))).ShouldBe("id");
        }

        static object Parent(Guid id) =>
            new
            {
                parentId = id,
                kind = "owns",
                from = "2026-01-01T00:00:00Z",
            };
        static object Contact(Guid? person) =>
            new
            {
                personId = person,
                basis = person is null ? null : "contract",
                card = new { title = "Buyer" },
            };
    }

    [Theory]
    [InlineData("birthDate", "2999-01-01", "birth-date-in-future")]
    [InlineData("phone", "no number", "invalid-contact")]
    [InlineData("email", "nobody", "invalid-contact")]
    [InlineData("gender", "x", "invalid-value")]
    public async Task a_correction_names_the_value(string field, string value, string code)
    {
        var (id, _, _, _) = await room.Somebody();
        var answer = await http.PostAsJsonAsync(
            $"/api/customers/{id}/corrections",
            new
            {
                field,
                value,
                reason = "typing-error",
            }
        );
        var problem = await CustomersFixture.Json(answer, HttpStatusCode.UnprocessableEntity);
        problem.GetProperty("type").GetString().ShouldBe($"urn:crm:{code}");
        problem.GetProperty("field").GetString().ShouldBe("value");
    }

    [Theory]
    [InlineData("gender", "x", "gender")]
    [InlineData("householdSize", "500", "householdSize")]
    [InlineData("birthDate", "2999-01-01", "birthDate")]
    [InlineData("email", "nobody", "email")]
    [InlineData("phone", "none", "phone")]
    [InlineData("phone,email", "13800138000,nobody", "email")]
    [InlineData("email,emailVerifiedAt", "a@shop.cn,2100-01-01T00:00:00Z", "emailVerifiedAt")]
    [InlineData("phone,phoneVerifiedAt,email", "13800138000,2100-01-01T00:00:00Z,a@shop.cn", "phoneVerifiedAt")]
    [InlineData("consents", "marketing/e mail/v1", "consents")]
    [InlineData("addressPostalCode", "12345678901234567890123", "addressPostalCode")]
    public async Task a_csv_row_names_the_column(string columns, string cells, string column)
    {
        var row = (await Rows("text/csv", $"kind,{columns}\nindividual,{cells}")).Single();
        row.GetProperty("status").GetString().ShouldBe("refused");
        row.GetProperty("field").GetString().ShouldBe(column);
    }

    [Theory]
    [InlineData("gender", "male", "female", "gender")]
    [InlineData("email", "first@shop.cn", "second@shop.cn", "email")]
    public async Task a_csv_row_that_differs_names_the_column(string columns, string first, string second, string column)
    {
        var id = Guid.CreateVersion7();
        var header = $"kind,externalSystem,externalId,{columns}";
        (await Rows("text/csv", $"{header}\nindividual,fields,{id},{first}"))
            .Single()
            .GetProperty("status")
            .GetString()
            .ShouldBe("recorded");
        var row = (await Rows("text/csv", $"{header}\nindividual,fields,{id},{second}")).Single();
        row.GetProperty("error").GetString().ShouldBe("registered-differently");
        row.GetProperty("field").GetString().ShouldBe(column);
    }

    [Fact]
    public async Task a_row_of_json_names_the_place()
    {
        var row = """{"kind":"individual","profile":{"gender":"x"}}""";
        (await Rows("application/x-ndjson", row)).Single().GetProperty("field").GetString().ShouldBe("profile.gender");
    }

    async Task<List<JsonElement>> Rows(string type, string text)
    {
        var answer = await http.PostAsync(
            $"/api/customers/imports/fields-{Guid.CreateVersion7()}/customers",
            new StringContent(text, Encoding.UTF8, type)
        );
        return
        [
            .. (await answer.Content.ReadAsStringAsync())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonSerializer.Deserialize<JsonElement>(l)),
        ];
    }

    async Task<Guid> Company() =>
        (await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers", new { kind = "enterprise" }), HttpStatusCode.Created))
            .GetProperty("id")
            .GetGuid();

    static async Task<string?> Field(Task<HttpResponseMessage> asked) =>
        (await CustomersFixture.Json(await asked, HttpStatusCode.UnprocessableEntity)).GetProperty("field").GetString();
}
