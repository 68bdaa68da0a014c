using System.Net;
using System.Net.Http.Json;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests;

/// <summary>Times without an offset are of the clock of the source that their row names.</summary>
[Collection("customers")]
public sealed class SourceClockTests(CustomersFixture fixture)
{
    [Theory]
    [InlineData("Asia/Shanghai", "2026-05-31 12:00", "2026-05-31T12:00:00+08:00")]
    [InlineData("Asia/Shanghai", "2026-05-31T12:00:30.5", "2026-05-31T04:00:30.5Z")]
    [InlineData("America/New_York", "2026-03-08 03:00:00", "2026-03-08T03:00:00-04:00")]
    [InlineData("America/New_York", "2025-11-02 00:59:59", "2025-11-02T00:59:59-04:00")]
    public async Task a_time_is_read_by_the_clock_of_its_source(string zone, string local, string instant)
    {
        var source = Fresh();
        await Describe(source, zone);
        (await fixture.Import("purchases", Row(source, local))).ShouldBe(["2 recorded"]);
        (await fixture.Import("purchases", Row(source, instant))).ShouldBe(["2 unchanged"]);
        (await fixture.Import("purchases", Row(source, "2026-05-30T00:00:00Z"))).ShouldBe(["2 refused duplicate-order orderNumber"]);
    }

    [Theory]
    [InlineData("2026-03-08 02:30:00", "a time that the clocks of America/New_York show")]
    [InlineData("2025-11-02 01:30:00", "the clocks of America/New_York show this time twice")]
    [InlineData("05/31/2026 12:00", "or a time of America/New_York like 2026-05-31 12:00:00")]
    [InlineData("2026-05-31", "or a time of America/New_York like")]
    [InlineData("1899-05-31 12:00", "or a time of America/New_York like")]
    [InlineData("0001-01-01 00:00", "or a time of America/New_York like")]
    [InlineData("9999-12-31 23:59", "or a time of America/New_York like")]
    public async Task a_time_that_its_clock_shows_never_or_twice_is_refused(string local, string why)
    {
        var source = Fresh();
        await Describe(source, "America/New_York");
        var answer = await fixture.Upload("purchases", new StringContent(Row(source, local), System.Text.Encoding.UTF8, "text/csv"));
        (await answer.Content.ReadAsStringAsync()).ShouldContain(why);
        (await fixture.Import("purchases", Row(source, local))).ShouldBe(["2 refused invalid-request occurredAt"]);
    }

    [Fact]
    public async Task each_row_is_read_by_its_own_source()
    {
        var (east, west, unknown) = (Fresh(), Fresh(), Fresh());
        await Describe(east, "Asia/Shanghai");
        await Describe(west, "America/New_York");
        string Rows(string inEast, string inWest) =>
            "source,externalSystem,externalId,name,phone,phoneVerifiedAt,occurredAt\n"
            + $"{east},{east},1,Ann,,,{inEast}\n{west},{west},1,Bob,+8613912349876,{inWest},{inWest}\n"
            + $"{unknown},{unknown},1,Cid,,,2026-05-31 12:00\n,{unknown},2,Dee,,,2026-05-31 12:00\n";
        string[] none = ["4 refused invalid-request occurredAt", "5 refused invalid-request occurredAt"];
        (await fixture.Import("customers", Rows("2026-05-31 12:00", "2026-05-31 12:00"))).ShouldBe(["2 recorded", "3 recorded", .. none]);
        (await fixture.Import("customers", Rows("2026-05-31T04:00:00Z", "2026-05-31T16:00:00Z"))).ShouldBe([
            "2 unchanged",
            "3 unchanged",
            .. none,
        ]);
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("China Standard Time")]
    [InlineData("../etc/passwd")]
    public async Task a_clock_is_of_a_zone_that_is_known(string zone)
    {
        var answer = await Put(Fresh(), zone);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("unknown-time-zone");
    }

    static string Row(string source, string at) => $"{Header}\n{source},1,store,USD,{at},p,1,1\n";

    async Task Describe(string source, string zone) => await CustomersFixture.Json(await Put(source, zone));

    Task<HttpResponseMessage> Put(string source, string zone) =>
        fixture.All().PutAsJsonAsync($"/api/customers/sources/{source}", new { name = source, timeZone = zone });
}
