using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class ProfileTests(CustomersFixture fixture)
{
    [Fact]
    public async Task a_customer_with_two_external_ids_is_found_by_either_and_registered_once()
    {
        var http = fixture.All();
        var body = new
        {
            kind = "individual",
            profile = new { name = "王小明" },
            externalIds = new[] { new { system = "shop", value = "s-1" }, new { system = "app", value = "a-1" } },
        };
        var first = await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers", body), HttpStatusCode.Created);
        var again = await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers", body));
        again.ToString().ShouldBe(first.ToString());
        foreach (var (system, value) in new[] { ("shop", "s-1"), ("app", "a-1") })
            (await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/search", new { externalId = new { system, value } })))
                .GetProperty("items")[0]
                .GetProperty("id")
                .GetGuid()
                .ShouldBe(first.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task a_number_that_belongs_to_somebody_else_is_refused_and_never_repointed()
    {
        var http = fixture.All();
        var (a, _, _, _) = await fixture.Somebody();
        var (b, _, _, _) = await fixture.Somebody();
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{a}/external-ids", new { system = "erp", value = "77" }));
        var refused = await CustomersFixture.Json(
            await http.PostAsJsonAsync($"/api/customers/{b}/external-ids", new { system = "erp", value = "77" }),
            HttpStatusCode.Conflict
        );
        refused.GetProperty("type").GetString().ShouldBe("urn:crm:duplicate-identity");
        (
            await CustomersFixture.Json(
                await http.PostAsJsonAsync("/api/customers/search", new { externalId = new { system = "erp", value = "77" } })
            )
        )
            .GetProperty("items")[0]
            .GetProperty("id")
            .GetGuid()
            .ShouldBe(a);
    }

    [Fact]
    public async Task a_stale_version_is_refused_and_two_editors_never_overwrite_each_other()
    {
        var person = await fixture.Somebody();
        var http = fixture.All();
        var etag = (await http.GetAsync($"/api/customers/{person.Id}")).Headers.ETag!;
        http.DefaultRequestHeaders.IfMatch.Add(etag);
        var first = await http.PutAsJsonAsync($"/api/customers/{person.Id}/profile", new { profile = new { name = "甲" } });
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Headers.ETag.ShouldNotBe(etag);
        var stale = await CustomersFixture.Json(
            await http.PutAsJsonAsync($"/api/customers/{person.Id}/profile", new { profile = new { name = "乙" } }),
            HttpStatusCode.PreconditionFailed
        );
        stale.GetProperty("type").GetString().ShouldBe("urn:crm:stale-version");
        (await CustomersFixture.Json(await fixture.All().GetAsync($"/api/customers/{person.Id}")))
            .GetProperty("details")
            .GetProperty("name")
            .GetString()
            .ShouldBe("甲");
    }

    [Fact]
    public async Task consent_and_tags_follow_their_rules()
    {
        var person = await fixture.Somebody();
        var http = fixture.All();
        await CustomersFixture.Json(
            await http.PostAsJsonAsync(
                $"/api/customers/{person.Id}/consents",
                new
                {
                    purpose = "marketing",
                    channel = "sms",
                    granted = true,
                    noticeVersion = "2",
                }
            )
        );
        await CustomersFixture.Json(
            await http.PostAsJsonAsync(
                $"/api/customers/{person.Id}/consents",
                new
                {
                    purpose = "marketing",
                    channel = "sms",
                    granted = false,
                    noticeVersion = "2",
                }
            )
        );
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{person.Id}/tags", new { tag = "高净值" }));
        var profile = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{person.Id}"));
        profile.GetProperty("consents")[0].GetProperty("granted").GetBoolean().ShouldBeFalse();
        profile.GetProperty("tags")[0].ToString().ShouldBe("""{"tag":"高净值","origin":"manual"}""");
        await CustomersFixture.Json(await http.DeleteAsync($"/api/customers/{person.Id}/tags?tag={Uri.EscapeDataString("高净值")}"));
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{person.Id}")))
            .GetProperty("tags")
            .EnumerateArray()
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task one_idempotency_key_gives_the_first_answer_in_parallel_and_after_a_restart()
    {
        var (key, body) = (Guid.CreateVersion7().ToString(), new { kind = "individual", profile = new { name = "一次" } });
        async Task<string> Post(object what)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/customers") { Content = JsonContent.Create(what) };
            request.Headers.Add("Idempotency-Key", key);
            var answer = await fixture.All().SendAsync(request);
            return $"{(int)answer.StatusCode} {answer.Headers.Location} {await answer.Content.ReadAsStringAsync()}";
        }
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Post(body)));
        answers.Distinct().ShouldHaveSingleItem().ShouldStartWith("201");
        await fixture.Restart();
        (await Post(body)).ShouldBe(answers[0]);
        (await Post(new { kind = "individual", profile = new { name = "另一个" } })).ShouldStartWith("409");
    }

    [Fact]
    public async Task only_an_enterprise_has_contact_persons()
    {
        object Company(string kind) =>
            new
            {
                kind,
                profile = new
                {
                    name = "华兴有限公司",
                    industry = "retail",
                    contactPersons = new[]
                    {
                        new
                        {
                            name = "李总",
                            role = "decider",
                            phone = "+8613900000000",
                            email = (string?)null,
                        },
                    },
                },
            };
        (
            await CustomersFixture.Json(
                await fixture.All().PostAsJsonAsync("/api/customers", Company("individual")),
                HttpStatusCode.UnprocessableEntity
            )
        )
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:enterprise-only");
        await CustomersFixture.Json(await fixture.All().PostAsJsonAsync("/api/customers", Company("enterprise")), HttpStatusCode.Created);
    }
}
