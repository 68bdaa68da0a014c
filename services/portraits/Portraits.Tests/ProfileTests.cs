using System.Text.Json;
using CrmPlatform.Portraits.Profiles;

namespace CrmPlatform.Portraits.Tests;

/// <summary>What customers is asked when a portrait is shown, and what is shown when it does not answer.</summary>
[Collection("portraits")]
public sealed class ProfileTests(PortraitsFixture fixture)
{
    internal static CustomerProfile Profile(string name) =>
        new(
            "individual",
            false,
            new(
                new("female", "35-44", null, 3, "zh-CN", "广东", "深圳"),
                name,
                [new("phone", "+8613800000000")],
                new(["hiking"], null, null)
            ),
            [new CustomerTag("vip", "manual")],
            PortraitsFixture.At("2026-01-01T08:00:00Z"),
            Guid.CreateVersion7(),
            PortraitsFixture.At("2026-01-02T08:00:00Z")
        );

    [Fact]
    public async Task the_profile_is_asked_only_where_it_is_wanted()
    {
        var id = await fixture.Somebody();
        fixture.Known[id] = Profile("欧阳测试");
        var without = await fixture.Portrait(id);
        (without.GetProperty("profile").GetString(), without.ToString().Contains("欧阳测试", StringComparison.Ordinal)).ShouldBe(
            ("not-asked", false)
        );
        var with = await fixture.Portrait(id, "?include=profile");
        with.GetProperty("profile").GetString().ShouldBe("told");
        var basics = with.GetProperty("basics");
        basics.GetProperty("name").GetProperty("value").GetString().ShouldBe("欧阳测试");
        basics.GetProperty("name").GetProperty("source").GetGuid().ShouldBe(fixture.Known[id].ProfileSource);
        basics.GetProperty("householdSize").GetProperty("value").GetInt32().ShouldBe(3);
        basics.GetProperty("contacts")[0].GetProperty("value").GetString().ShouldBe("+8613800000000");
        basics.GetProperty("tags")[0].ToString().ShouldBe("""{"tag":"vip","origin":"manual"}""");
        await fixture.Get($"/api/customers/{id}/portrait?include=everything", 400);
    }

    [Fact]
    public async Task a_profile_that_is_withheld_leaves_a_portrait_without_personal_text()
    {
        var id = await fixture.Somebody();
        await fixture.Hear("customers", PortraitsFixture.Purchase(id, 20, "2026-03-01T15:00:00Z"));
        fixture.Known[id] = Profile("欧阳测试") with { Details = null, Personal = "withheld" };
        var portrait = await fixture.Portrait(id, "?include=profile");
        portrait.GetProperty("profile").GetString().ShouldBe("withheld");
        portrait.GetProperty("behaviour").GetProperty("netRevenue").GetProperty("value").GetDecimal().ShouldBe(20);
        var basics = portrait.GetProperty("basics");
        basics.GetProperty("tags")[0].GetProperty("tag").GetString().ShouldBe("vip");
        foreach (var personal in new[] { "name", "contacts", "province", "psychographics" })
            basics.GetProperty(personal).ValueKind.ShouldBe(JsonValueKind.Null, personal);
        (await (await fixture.All().GetAsync($"/portraits/{id}")).Content.ReadAsStringAsync()).ShouldContain(id.ToString());
    }

    [Fact]
    public async Task customers_is_asked_for_the_same_moment_with_the_callers_token_and_correlation()
    {
        var id = await fixture.Somebody();
        fixture.Known[id] = Profile("欧阳测试");
        var http = fixture.All();
        http.DefaultRequestHeaders.Add("X-Correlation-Id", "portrait-1");
        (
            await http.GetAsync($"/api/customers/{id}/portrait?include=profile&asOf=2026-05-01T00:00:00Z&knownAt=2027-05-02T00:00:00Z")
        ).EnsureSuccessStatusCode();
        Uri.UnescapeDataString(fixture.Asked.Query)
            .ShouldBe("?asOf=2026-05-01T00:00:00.0000000+00:00&knownAt=2027-05-02T00:00:00.0000000+00:00");
        fixture.Asked.Token.ShouldBe(http.DefaultRequestHeaders.Authorization!.ToString());
        fixture.Asked.Correlation.ShouldBe("portrait-1");
    }

    [Fact]
    public async Task who_was_registered_a_moment_ago_has_an_empty_timeline_and_a_portrait()
    {
        var id = Guid.CreateVersion7();
        fixture.Known[id] = Profile("司马测试");
        (await fixture.Get($"/api/customers/{id}/timeline")).GetProperty("items").GetArrayLength().ShouldBe(0);
        var portrait = await fixture.Portrait(id);
        (
            portrait.GetProperty("kind").GetString(),
            portrait.GetProperty("profile").GetString(),
            portrait.GetProperty("events").GetInt32()
        ).ShouldBe(("individual", "not-asked", 0));
        foreach (var path in new[] { "timeline", "portrait" })
            await fixture.Get($"/api/customers/{Guid.CreateVersion7()}/{path}", 404);
    }
}
