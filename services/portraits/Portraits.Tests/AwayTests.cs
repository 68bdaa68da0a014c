namespace CrmPlatform.Portraits.Tests;

/// <summary>Without customers. A room of its own: after many failures it is not asked for a while, which others would notice.</summary>
public sealed class AwayTests(PortraitsFixture fixture) : IClassFixture<PortraitsFixture>
{
    [Fact]
    public async Task while_customers_is_away_the_portrait_is_shown_without_and_says_so()
    {
        var id = await fixture.Somebody();
        await fixture.Hear("customers", PortraitsFixture.Purchase(id, 20, "2026-03-01T15:00:00Z"));
        fixture.Away = true;
        try
        {
            var portrait = await fixture.Portrait(id, "?include=profile");
            portrait.GetProperty("profile").GetString().ShouldBe("away");
            portrait.GetProperty("behaviour").GetProperty("netRevenue").GetProperty("value").GetDecimal().ShouldBe(20);
            var unheard = await fixture.All().GetAsync($"/api/customers/{Guid.CreateVersion7()}/portrait");
            ((int)unheard.StatusCode, unheard.Headers.RetryAfter!.Delta).ShouldBe((503, TimeSpan.FromSeconds(5)));
            (await unheard.Content.ReadAsStringAsync()).ShouldContain("urn:crm:context-away");
            await fixture.Get($"/api/customers/{Guid.CreateVersion7()}/timeline", 503);
            (await fixture.Get($"/api/customers/{id}/timeline?context=loyalty")).GetProperty("items").GetArrayLength().ShouldBe(0);
            await fixture.Get($"/api/customers/{id}/portrait?asOf=2020-01-01", 404);
            (await (await fixture.All().GetAsync($"/portraits/{id}?lang=zh")).Content.ReadAsStringAsync()).ShouldContain("暂时无法显示");
        }
        finally
        {
            fixture.Away = false;
        }
        fixture.Silent = true;
        try
        {
            (await fixture.Portrait(id, "?include=profile")).GetProperty("profile").GetString().ShouldBe("away");
        }
        finally
        {
            fixture.Silent = false;
        }
    }
}
