using System.Net;
using System.Text;
using static CrmPlatform.Gateway.Tests.RunningGateway;

namespace CrmPlatform.Gateway.Tests;

/// <summary>Forms that cannot be read.</summary>
[Collection("gateway")]
public sealed class FormTests(RunningGateway gateway) : IDisposable
{
    readonly HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Anonymous.BaseAddress };

    public void Dispose() => browser.Dispose();

    [Theory]
    [InlineData("/sign-in", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=client_id\r\n\r\nabc")]
    [InlineData("/sign-in", "multipart/form-data", "x")]
    [InlineData("/sign-in", "application/json", "{}")]
    [InlineData("/sign-in", "application/x-www-form-urlencoded; charset=utf-7", "a=1")]
    [InlineData("/connect/token", "application/x-www-form-urlencoded; charset=utf-7", "a=1")]
    [InlineData("/connect/token", "multipart/form-data; boundary=x", "--x\r\n\r\n")]
    public async Task a_form_that_cannot_be_read_is_a_400(string path, string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await browser.PostAsync(path, content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/sign-in"), InlineData("/connect/token")]
    public async Task a_form_of_1025_fields_is_a_400(string path)
    {
        var fields = Enumerable.Range(0, 1025).Select(i => KeyValuePair.Create($"f{i}", "1"));
        (await browser.PostAsync(path, new FormUrlEncodedContent(fields))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/portraits/\u0001"), InlineData("/portraits/\r\nX: y"), InlineData("/portraits/é")]
    public async Task a_page_that_no_address_can_name_is_a_400(string to)
    {
        var form = new Dictionary<string, string>
        {
            ["client_id"] = ClientId,
            ["client_secret"] = Secret,
            ["to"] = to,
        };
        (await browser.PostAsync("/sign-in", new FormUrlEncodedContent(form))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task a_page_with_other_letters_in_its_address_is_found_again_after_sign_in()
    {
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var sent = await browser.GetAsync("/portraits/%C3%A9?q=%C3%A9");
        sent.Headers.Location!.OriginalString.ShouldBe("/sign-in?to=%2Fportraits%2F%25C3%25A9%3Fq%3D%25C3%25A9");
    }
}
