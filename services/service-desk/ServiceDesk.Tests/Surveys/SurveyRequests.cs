using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Surveys;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Surveys that many tests publish, and requests that they send.</summary>
static class SurveyRequests
{
    public static Wording Both(string zh, string en) => new(zh, en);

    public static SurveyQuestion Score(string id, string type, bool required = true) =>
        new(id, type, Both("您的评分？", "Your score?"), Required: required);

    /// <summary>A satisfaction, a choice, and a text that is asked of those who are not satisfied.</summary>
    public static SurveyContent Content(
        string kind = SurveyContent.Transactional,
        string type = "csat",
        bool afterTicket = false,
        DateTimeOffset? closesAt = null
    ) =>
        new(
            kind,
            "overall",
            Both("服务满意度", "How we served you"),
            Both("您的回答用于改进服务。", "Your answers help us to serve you better."),
            [
                Score("overall", type),
                new(
                    "why",
                    "text",
                    Both("哪里不满意？", "What went wrong?"),
                    ShowIf: new("overall", type == "nps" ? ["0", "1", "2"] : ["1", "2"])
                ),
                new(
                    "topics",
                    "choice",
                    Both("与什么有关？", "What was it about?"),
                    [new("price", Both("价格", "Price")), new("speed", Both("速度", "Speed")), new("staff", Both("人员", "Staff"))],
                    Many: true
                ),
            ],
            AfterTicket: afterTicket,
            ClosesAt: closesAt
        );

    public static HttpClient Researcher(this DeskFixture fixture) =>
        fixture.Http(
            "service-desk.surveys.write",
            "service-desk.surveys.send",
            "service-desk.surveys.read",
            "service-desk.customer",
            "personal.read"
        );

    public static async Task<string> Publish(this DeskFixture fixture, SurveyContent? content = null)
    {
        var code = $"s-{Guid.CreateVersion7():N}";
        (await fixture.Put(code, content ?? Content())).StatusCode.ShouldBe(HttpStatusCode.Created);
        return code;
    }

    public static Task<HttpResponseMessage> Put(this DeskFixture fixture, string code, SurveyContent content) =>
        fixture.Researcher().PutAsJsonAsync($"/api/service-desk/surveys/{code}", content);

    public static async Task<WaveResult> Wave(
        this DeskFixture fixture,
        string code,
        string wave,
        IEnumerable<Guid> customers,
        DateTimeOffset? at = null,
        bool dryRun = false,
        decimal share = 1
    )
    {
        var answer = await fixture
            .Researcher()
            .PostAsJsonAsync(
                $"/api/service-desk/surveys/{code}/invitations{(dryRun ? "?dryRun=true" : "")}",
                new InviteCustomers([.. customers], wave, share, OccurredAt: at)
            );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<WaveResult>())!;
    }

    /// <summary>Invites somebody new, and gives the id of their invitation.</summary>
    public static async Task<(Guid Customer, Guid Invitation)> Invited(this DeskFixture fixture, string code, DateTimeOffset? at = null)
    {
        var customer = Guid.CreateVersion7();
        var invited = (await fixture.Wave(code, "first", [customer], at)).Customers.Single();
        invited.Outcome.ShouldBe("invited");
        return (customer, invited.InvitationId);
    }

    public static object Answers(int score, string? why = null, params string[] topics) =>
        new
        {
            answers = new object[]
            {
                new { question = "overall", score },
                new { question = "why", text = why },
                new { question = "topics", codes = topics },
            },
        };

    public static Task<HttpResponseMessage> Answer(this DeskFixture fixture, Guid invitation, object answers) =>
        fixture.Researcher().PostAsJsonAsync($"/api/service-desk/invitations/{invitation}/answer", answers);

    public static string Token(this DeskFixture fixture, Guid invitation) =>
        fixture.Services.GetRequiredService<SurveyLink>().TokenOf(invitation);

    public static async Task<JsonElement> Asked(this DeskFixture fixture, string path) =>
        await fixture.Researcher().GetFromJsonAsync<JsonElement>("/api/service-desk/" + path);

    public static async Task<IReadOnlyList<IInvitationEvent>> Facts(this DeskFixture fixture, Guid invitation) =>
        [.. (await fixture.Store.FetchStream(invitation)).Select(e => (IInvitationEvent)e.Data)];
}
