using System.Net;
using System.Text.RegularExpressions;
using CrmPlatform.Portraits.Profiles;
using Microsoft.Playwright;

namespace CrmPlatform.Portraits.Tests;

/// <summary>The page in a real browser, as wide as a desk's and as a phone's.</summary>
[Collection("portraits")]
public sealed partial class PageTests(PortraitsFixture fixture, PortraitBrowser browser) : IClassFixture<PortraitBrowser>
{
    const int Desk = 1280,
        Phone = 390;

    [Theory]
    [InlineData(Desk, "zh"), InlineData(Desk, "en"), InlineData(Phone, "zh"), InlineData(Phone, "en")]
    public async Task the_page_can_be_read_at_a_desk_and_on_a_phone(int width, string language)
    {
        var id = await Somebody();
        await using var page = await browser.Open(fixture.All(), $"/portraits/{id}?lang={language}", width);

        (await page.Number("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, "nothing is cut off");
        (await page.Texts("section h2")).Count.ShouldBe(6);
        var labels = await page.Texts("dt");
        labels.Count.ShouldBeGreaterThan(15);
        // A label has the room of its words: at most two lines.
        (
            await page.Number("Math.max(...[...document.querySelectorAll('dt')].map(dt => dt.firstChild ? lines(dt.firstChild) : 0))")
        ).ShouldBeLessThanOrEqualTo(2);
        (await page.Number("Math.min(...[...document.querySelectorAll('dt, dd')].map(x => x.clientWidth))")).ShouldBeGreaterThan(90);
        (await page.Texts("dd")).ShouldAllBe(value => value.Trim().Length > 0 && value.Trim() != "–");
    }

    [Fact]
    public async Task it_is_wholly_chinese_or_wholly_english()
    {
        var id = await Somebody();
        var chinese = await (await browser.Open(fixture.All(), $"/portraits/{id}?lang=zh", Desk)).Text();
        // Apart from what is nobody's language: the id, names of scores and currencies, the company's own words.
        Latin()
            .Matches(chinese.Replace($"{id}", "", StringComparison.Ordinal))
            .Select(m => m.Value)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(["DELI", "English", "F", "GROCERY", "M", "R", "USD", "hiking", "vip"], ignoreOrder: true);
        chinese.ShouldContain("复购");
        chinese.ShouldContain("潜在忠诚客户");

        var english = await (await browser.Open(fixture.All(), $"/portraits/{id}?lang=en", Desk)).Text();
        Han().Matches(english).Select(m => m.Value).ShouldBe(["诸葛亮", "中文", "广东", "深圳"], ignoreOrder: true);
        english.ShouldContain("Potential loyalists");
    }

    [Fact]
    public async Task scores_are_explained()
    {
        var id = await Somebody();
        var text = await (await browser.Open(fixture.All(), $"/portraits/{id}?lang=en", Desk)).Text();
        text.ShouldMatch("Recency \\(R\\)\\s+5 of 5");
        text.ShouldContain("Scores of 2026-04-05, from 1 to 5 beside all customers: 5 bought most lately, most often, or most.");
    }

    [Fact]
    public async Task a_company_is_shown_as_one()
    {
        var id = Guid.CreateVersion7();
        await fixture.Hear(
            "customers",
            new Contracts.CustomerRegistered(id, "enterprise", "shop", PortraitsFixture.At("2026-01-01T08:00:00Z"))
        );
        fixture.Known[id] = new CustomerProfile(
            "enterprise",
            false,
            new(
                new("female", "35-44", null, 3, "zh-CN", "广东", "深圳", "制造业", "500-999"),
                "深圳测试有限公司",
                [],
                null,
                [new("王测试", "decider", "+8613800000000")]
            ),
            [],
            PortraitsFixture.At("2026-01-01T08:00:00Z"),
            Guid.CreateVersion7(),
            PortraitsFixture.At("2026-01-02T08:00:00Z")
        );
        await using var page = await browser.Open(fixture.All(), $"/portraits/{id}?lang=zh", Desk);
        var labels = await page.Texts("dt");
        labels.ShouldBe(["行业", "企业规模", "语言", "所在地", "联系人", "建档时间"]);
        (await page.Text()).ShouldContain("王测试，决策人，+8613800000000");
        (await page.Texts("p.empty")).Count.ShouldBe(5);
    }

    [Fact]
    public async Task who_may_not_see_personal_text_sees_the_rest_and_is_told_so()
    {
        var id = await fixture.WithHistory();
        fixture.Known[id] = ProfileTests.Profile("诸葛亮") with { Details = null, Personal = "withheld" };
        await using var page = await browser.Open(fixture.All(), $"/portraits/{id}?lang=en", Desk);
        (await page.Texts("h1")).ShouldBe(["Customer without a name here"]);
        (await page.Texts("p.say")).Single().ShouldContain("personal.read");
        (await page.Text()).ShouldContain("50.00 USD");
    }

    [Theory]
    [InlineData("018f5c1e-7a3b-7c4d-8e9f-000000000000", 404, "没有此客户"), InlineData("nobody", 404, "没有此客户")]
    public async Task who_is_not_there_is_a_page_too(string id, int status, string says)
    {
        await using var page = await browser.Open(fixture.All(), $"/portraits/{id}?lang=zh", Phone);
        page.Status.ShouldBe(status);
        (await page.Texts("main p")).Single().ShouldStartWith(says);
    }

    [Fact]
    public async Task a_moment_that_is_none_is_a_page_too_and_the_other_language_keeps_the_moment()
    {
        var id = await Somebody();
        await using var wrong = await browser.Open(fixture.All(), $"/portraits/{id}?lang=en&asOf=soon", Desk);
        wrong.Status.ShouldBe((int)HttpStatusCode.BadRequest);
        (await wrong.Texts("main p")).Single().ShouldStartWith("asOf is a day like 2026-05-31");
        await using var then = await browser.Open(fixture.All(), $"/portraits/{id}?asOf=2026-03-15", Desk);
        (await then.Text()).ShouldContain("20.00 USD");
        (await then.Texts("header a[href='?asOf=2026-03-15&lang=zh']")).ShouldBe(["中文"]);
    }

    async Task<Guid> Somebody()
    {
        var id = await fixture.WithHistory();
        fixture.Known[id] = ProfileTests.Profile("诸葛亮");
        return id;
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Latin();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}+")]
    private static partial Regex Han();
}
