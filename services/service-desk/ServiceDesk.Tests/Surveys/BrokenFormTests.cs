using System.Net;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Forms that cannot be read, sent to the page of a link.</summary>
public sealed class BrokenFormTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Theory]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("multipart/form-data")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    public async Task a_form_that_cannot_be_read_has_no_answers(string type)
    {
        var (_, id) = await fixture.Invited(await fixture.Publish());
        var form = new ByteArrayContent("--x"u8.ToArray()) { Headers = { { "Content-Type", type } } };
        var answer = await fixture.Anonymous().PostAsync($"/s/{fixture.Token(id)}", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await fixture.Facts(id)).Count.ShouldBe(1);
    }
}
