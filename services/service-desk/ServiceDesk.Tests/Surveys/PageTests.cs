using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDesk.Surveys;
using Microsoft.Playwright;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>The page behind a link, on a phone without scripts, and what it answers to anybody.</summary>
public sealed partial class PageTests(DeskFixture fixture, SurveyBrowser browser) : IClassFixture<DeskFixture>, IClassFixture<SurveyBrowser>
{
    const string Words = "快递员 was rude <b>&";

    [Theory]
    [InlineData("zh", "请回答此题。", "感谢您的作答！", "提交")]
    [InlineData("en", "Please answer this question.", "Thank you for your answer.", "Send")]
    public async Task a_customer_answers_on_a_phone_without_scripts(string language, string fault, string thanks, string send)
    {
        var (_, id) = await fixture.Invited(await fixture.Publish());
        var page = await browser.Open(fixture.Anonymous(), $"/s/{fixture.Token(id)}?lang={language}");
        (await page.Locator("header p").First.InnerTextAsync()).ShouldBe(
            language == "zh" ? "您的回答用于改进服务。" : "Your answers help us to serve you better."
        );
        (await page.Locator("#f-why").IsVisibleAsync()).ShouldBeFalse("it depends on the score");

        await page.Locator("input[value=speed]").CheckAsync();
        await Send();
        (await page.Locator("#f-overall .fault").InnerTextAsync()).ShouldBe(fault, "beside the field");
        (await page.Locator("input[value=speed]").IsCheckedAsync()).ShouldBeTrue("what was answered stays");
        (await fixture.Facts(id)).Count.ShouldBe(1);

        await page.Locator("#f-overall label").Nth(1).ClickAsync();
        (await page.Locator("#f-why").IsVisibleAsync()).ShouldBeTrue();
        await page.Locator("textarea").FillAsync(Words);
        await Send();
        (await page.Locator("#thanks").InnerTextAsync()).ShouldContain(thanks);
        var finished = (await fixture.Facts(id)).OfType<SurveyFinished>().Single();
        finished.Score.ShouldBe(2);
        finished.Answers.Select(a => string.Join('+', a.Codes)).ShouldBe(["2", "speed"]);
        finished.Personal!.Value!.ByQuestion["why"].ShouldBe(Words);

        await page.Locator("#thanks a").ClickAsync();
        (await page.Locator("textarea").InputValueAsync()).ShouldBe("", "the link shows nobody what was written");
        await page.Locator("#f-overall label").Nth(4).ClickAsync();
        await Send();
        (await fixture.Facts(id)).OfType<AnswerRevised>().Single().Score.ShouldBe(5);
        await page.Context.DisposeAsync();

        Task Send() => page.GetByRole(AriaRole.Button, new() { Name = send }).ClickAsync();
    }

    [Theory]
    [InlineData("zh"), InlineData("en")]
    public async Task nothing_is_cut_off_and_everything_can_be_touched(string language)
    {
        var (_, id) = await fixture.Invited(await fixture.Publish(Content(type: "nps")));
        var page = await browser.Open(fixture.Anonymous(), $"/s/{fixture.Token(id)}?lang={language}", scripts: true);
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(SurveyBrowser.Phone);
        (await page.Locator("#f-overall label").CountAsync()).ShouldBe(11);
        (
            await page.EvaluateAsync<double>(
                "() => Math.min(...[...document.querySelectorAll('label, button')].map(x => x.getBoundingClientRect().height))"
            )
        ).ShouldBeGreaterThanOrEqualTo(40);
        var text = await page.InnerTextAsync("body");
        if (language == "zh")
            Latin().Matches(text).Select(m => m.Value).ShouldBe(["English"]);
        else
            Han().Matches(text).Select(m => m.Value).ShouldBe(["中文"]);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task a_link_that_is_none_or_is_over_says_so()
    {
        var http = fixture.Anonymous();
        var code = await fixture.Publish();
        var (_, id) = await fixture.Invited(code);
        var token = fixture.Token(id);
        foreach (var none in new[] { "x", "..%2F..", token[..42] + (token[42] == 'A' ? 'E' : 'A'), fixture.Token(Guid.CreateVersion7()) })
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            (await Shown(none, method)).ShouldBe((404, "token-unknown"));

        (await fixture.Answer(id, Answers(5))).EnsureSuccessStatusCode();
        (await Shown(token, HttpMethod.Get)).ShouldBe((200, "thanks"));
        fixture.Clock.Advance(TimeSpan.FromHours(24.1));
        (await Shown(token, HttpMethod.Get)).ShouldBe((410, "token-spent"));
        (await Shown(token, HttpMethod.Post)).ShouldBe((410, "token-spent"));
        var (_, open) = await fixture.Invited(code);
        await fixture.Researcher().PostAsync($"/api/service-desk/surveys/{code}/close", null);
        (await Shown(fixture.Token(open), HttpMethod.Get)).ShouldBe((410, "survey-closed"));
        (await Shown(fixture.Token(open), HttpMethod.Post)).ShouldBe((410, "survey-closed"));

        async Task<(int, string)> Shown(string of, HttpMethod method)
        {
            var answer = await http.SendAsync(
                new(method, $"/s/{of}") { Content = method == HttpMethod.Get ? null : new FormUrlEncodedContent([]) }
            );
            var text = await answer.Content.ReadAsStringAsync();
            return ((int)answer.StatusCode, Said().Match(text).Groups[1].Value);
        }
    }

    [Fact]
    public async Task whatever_is_sent_is_answered_by_a_page_that_nobody_keeps()
    {
        var (customer, id) = await fixture.Invited(await fixture.Publish());
        var http = fixture.Anonymous();
        var path = $"/s/{fixture.Token(id)}";
        foreach (
            var body in new HttpContent?[]
            {
                null,
                new StringContent("{}", Encoding.UTF8, "application/json"),
                new StringContent("%%%=&&&=%00", Encoding.UTF8, "application/x-www-form-urlencoded"),
                new StringContent(
                    string.Join('&', Enumerable.Range(0, 3_000).Select(i => $"a{i}=1")),
                    Encoding.UTF8,
                    "application/x-www-form-urlencoded"
                ),
                new StringContent("--x", Encoding.UTF8, "multipart/form-data"),
                Form(("q-overall", "6")),
                Form(("q-overall", "five")),
                Form(("q-overall", "1"), ("q-overall", "2")),
                Form(("q-overall", "5"), ("q-topics", "weather")),
                Form(("q-overall", "1"), ("q-why", new string('x', 2_001))),
                Form(("q-overall", "")),
            }
        )
        {
            var answer = await http.PostAsync(path, body);
            ((int)answer.StatusCode).ShouldBe(422, body is null ? "nothing" : await body.ReadAsStringAsync());
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        }
        var page = await http.GetAsync(path);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        (await page.Content.ReadAsStringAsync()).ShouldNotContain(customer.ToString());
        (await fixture.Facts(id)).Count.ShouldBe(1);

        static FormUrlEncodedContent Form(params (string, string)[] fields) =>
            new(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
    }

    [GeneratedRegex("id=\"(token-unknown|token-spent|survey-closed|thanks)\"")]
    private static partial Regex Said();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Latin();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}+")]
    private static partial Regex Han();
}
