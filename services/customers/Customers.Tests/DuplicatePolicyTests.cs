using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>What a registration of somebody does who may be known already.</summary>
public sealed class DuplicatePolicyTests(AlertingFixture alerting, BlockingFixture blocking, IdentityFixture allowing)
    : IClassFixture<AlertingFixture>,
        IClassFixture<BlockingFixture>,
        IClassFixture<IdentityFixture>
{
    static async Task<(HttpStatusCode Status, JsonElement Body)> Register(
        HttpClient http,
        string name,
        string email,
        string? externalId = null
    )
    {
        var answer = await http.PostAsJsonAsync(
            "/api/customers",
            new
            {
                kind = "individual",
                profile = new { name },
                contacts = new[] { new { kind = "email", value = email } },
                externalIds = externalId is null ? [] : new[] { new { system = "till", value = externalId } },
            }
        );
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    [Fact]
    public async Task where_it_is_allowed_nothing_is_asked()
    {
        await allowing.Register("诸葛允许", "allow@shop.cn");
        var (status, body) = await Register(allowing.All(), "诸葛允许", "allow@shop.cn");
        status.ShouldBe(HttpStatusCode.Created);
        body.TryGetProperty("candidates", out var candidates).ShouldBe(false, candidates.ToString());
    }

    [Fact]
    public async Task an_alert_registers_and_names_who_may_be_the_same_to_who_may_read()
    {
        var known = await alerting.Register("诸葛提示", "alert@shop.cn");
        var (status, body) = await Register(alerting.All(), "诸葛提示", "alert@shop.cn");
        status.ShouldBe(HttpStatusCode.Created);
        body.GetProperty("candidates").EnumerateArray().Select(c => c.GetGuid()).ShouldBe([known]);
        (status, body) = await Register(alerting.Http("customers.write"), "诸葛提示", "alert@shop.cn");
        status.ShouldBe(HttpStatusCode.Created);
        body.TryGetProperty("candidates", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task a_block_refuses_who_is_almost_certainly_known_and_leaves_no_trace()
    {
        var known = await blocking.Register("诸葛拒绝", "block@shop.cn");
        var before = await blocking.Contents();
        var (status, body) = await Register(blocking.All(), "诸葛拒绝", "block@shop.cn", "m-1");
        status.ShouldBe(HttpStatusCode.Conflict);
        body.GetProperty("type").GetString().ShouldBe("urn:crm:duplicate-customer");
        body.GetProperty("detail").GetString()!.ShouldContain(known.ToString());
        (status, body) = await Register(blocking.Http("customers.write"), "诸葛拒绝", "block@shop.cn");
        status.ShouldBe(HttpStatusCode.Conflict);
        body.GetProperty("detail").GetString()!.ShouldNotContain(known.ToString());
        (await blocking.Contents()).ShouldBe(before);
        (await Register(blocking.All(), "李拒绝", "block@shop.cn")).Status.ShouldBe(HttpStatusCode.Created, "another name");
    }

    [Fact]
    public async Task a_customer_who_is_registered_again_is_no_duplicate_of_themselves()
    {
        (await Register(blocking.All(), "诸葛又来", "same@shop.cn", "m-2")).Status.ShouldBe(HttpStatusCode.Created);
        (await Register(blocking.All(), "诸葛又来", "same@shop.cn", "m-2")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task an_import_refuses_the_row_also_of_its_own_upload_and_may_be_repeated()
    {
        var rows = string.Join(
            '\n',
            Row("诸葛导入", "import@shop.cn"),
            Row("诸葛别人", "other@shop.cn"),
            Row("诸葛导入", "import@shop.cn", "+8613911119999")
        );
        foreach (var again in new[] { "recorded", "unchanged" })
        {
            var answer = await blocking
                .All()
                .PostAsync("/api/customers/imports/dup/customers", new StringContent(rows, Encoding.UTF8, "application/x-ndjson"));
            var results = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            results.Length.ShouldBe(3);
            results[0].ShouldContain(again);
            results[1].ShouldContain(again);
            results[2].ShouldContain("duplicate-customer");
        }

        static string Row(string name, string email, string? phone = null) =>
            JsonSerializer.Serialize(IdentityFixture.Who(name, email, phone));
    }
}
