using System.Net;
using System.Net.Http.Json;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>A person's export has what was verified of them, and what is to be mended.</summary>
public sealed class QualityExportTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Fact]
    public async Task an_export_holds_verifications_waivers_and_findings()
    {
        var http = room.Http(CustomersFixture.Everything);
        var registered = await http.PostAsJsonAsync(
            "/api/customers",
            new
            {
                kind = "individual",
                profile = new { name = "诸葛导出" },
                contacts = new[] { new { kind = "phone", value = "12" }, new { kind = "email", value = "export@shop.cn" } },
            }
        );
        var id = (await CustomersFixture.Json(registered, HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var verified = new
        {
            kind = "email",
            value = "export@shop.cn",
            method = "email",
        };
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{id}/verifications", verified));
        var waived = new
        {
            customerId = id,
            rule = "phone-format",
            reason = "asked",
        };
        await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/quality/findings/waive", waived));
        var export = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/export"));
        var facts = export.GetProperty("facts").EnumerateArray().ToDictionary(f => f.GetProperty("fact").GetString()!);
        facts["field_verified"].GetProperty("data").GetProperty("personal").GetProperty("value").GetString().ShouldBe("export@shop.cn");
        facts["finding_waived"].GetProperty("data").GetProperty("reason").GetString().ShouldBe("asked");
        export
            .GetProperty("findings")
            .EnumerateArray()
            .Select(f => $"{f.GetProperty("rule").GetString()} {f.GetProperty("status").GetString()}")
            .ShouldBe([
                "consent-missing open",
                "birth-date-missing open",
                "city-missing open",
                "gender-missing open",
                "language-missing open",
                "phone-format waived",
            ]);
    }
}
