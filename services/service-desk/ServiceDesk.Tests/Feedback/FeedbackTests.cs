using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Feedback;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Feedback;

/// <summary>Feedback over the API. A room of its own.</summary>
public class FeedbackTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Late = "物流慢,等了十天";

    async Task<string[]> Themes(Guid id) =>
        [
            .. (await fixture.Get($"feedback/{id}"))
                .GetProperty("feedback")
                .GetProperty("themes")
                .EnumerateArray()
                .Select(t => t.GetString()!),
        ];

    async Task<Guid[]> Listed(string question) =>
        [
            .. (await fixture.Get("feedback?limit=200&" + question))
                .GetProperty("items")
                .EnumerateArray()
                .Select(f => f.GetProperty("id").GetGuid()),
        ];

    [Fact]
    public async Task what_customers_say_is_coded_and_people_know_better()
    {
        var customer = Guid.CreateVersion7();
        var review = await fixture.Said(Late, customer);
        var ticket = (await fixture.Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await fixture.Open();
        (await Themes(review)).ShouldBeEmpty("it was not coded yet");
        await fixture.RunDue<CodeFeedback>();
        (await fixture.RunDue<CodeFeedback>()).ShouldBe(0);
        (await Themes(review)).ShouldBe(["delivery-late"]);
        (await Themes(ticket)).ShouldBe(["delivery-late"], "its subject says so: late again");
        (await Listed($"customer={customer}&theme=delivery")).ShouldBe([ticket, review], ignoreOrder: true);
        (await Listed($"customer={customer}&source=review")).ShouldBe([review]);
        (await fixture.Database.Dump()).ShouldNotContain("等了十天", customMessage: "text is never stored in clear");
        await WithheldText.Check(fixture, [review, customer], Late);

        await fixture.Lead().DeleteAsync($"/api/service-desk/feedback/{review}/themes/delivery-late");
        await fixture.Lead().PutAsync($"/api/service-desk/feedback/{review}/themes/points", null);
        (await Themes(review)).ShouldBe(["points"]);
        (await Listed($"customer={customer}&uncoded=true")).ShouldBeEmpty();
        await Problem(await fixture.Lead().PutAsync($"/api/service-desk/feedback/{review}/themes/no-such", null), 422, "theme-unknown");
        await Problem(
            await fixture.Lead().PutAsync($"/api/service-desk/feedback/{Guid.CreateVersion7()}/themes/points", null),
            404,
            "not-found"
        );
        await fixture.Daemon.Rebuild("feedback-list");
        (await Themes(review)).ShouldBe(["points"]);

        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        (await fixture.Get($"feedback/{review}")).GetProperty("personal").GetString().ShouldBe("forgotten");
        (await Themes(review)).ShouldBe(["points"], "what it was about stays");
    }

    [Fact]
    public async Task a_new_codebook_codes_all_again()
    {
        var customer = Guid.CreateVersion7();
        var id = await fixture.Said("会员日排队太久", customer);
        await fixture.RunDue<CodeFeedback>();
        var codebook = await fixture.Get("codebook");
        var themes = codebook.GetProperty("themes").Deserialize<List<JsonElement>>()!;
        object Published(string phrase) =>
            new
            {
                themes = themes
                    .Cast<object>()
                    .Append(
                        new
                        {
                            code = "store-queue",
                            parent = "service",
                            names = new { zh = "排队", en = "Queues" },
                            phrases = new[] { phrase },
                        }
                    ),
            };
        var preview = await (
            await fixture.Lead().PostAsJsonAsync("/api/service-desk/codebook/preview", Published("会员日排队"))
        ).Content.ReadFromJsonAsync<JsonElement>();
        preview.GetProperty("changed").GetInt32().ShouldBe(1);
        preview.GetProperty("themes").EnumerateArray().ShouldContain(t => t.GetProperty("code").GetString() == "store-queue");
        var published = await fixture.Lead().PutAsJsonAsync("/api/service-desk/codebook", Published("会员日排队"));
        var version = (await fixture.Get("codebook")).GetProperty("version").GetInt32();
        (await fixture.Lead().PutAsJsonAsync("/api/service-desk/codebook", Published("会员日排队"))).StatusCode.ShouldBe(
            published.StatusCode
        );
        (await fixture.Get("codebook")).GetProperty("version").GetInt32().ShouldBe(version, "the same again is no new version");
        await fixture.RunDue<CodeFeedback>();
        (await Themes(id)).ShouldBe(["service-waiting", "store-queue"]);
        (await fixture.Get($"feedback/{id}")).GetProperty("feedback").GetProperty("version").GetInt32().ShouldBe(version);
        var coded = (await fixture.Store.FetchStream(Coding.Of(id).Id)).Select(e => (FeedbackCoded)e.Data).ToList();
        coded.Select(c => (c.Version, c.Again)).ShouldBe([(version - 1, false), (version, true)]);

        async Task Refused(object theme, string field)
        {
            var answer = await fixture.Lead().PutAsJsonAsync("/api/service-desk/codebook", new { themes = new[] { theme } });
            await Problem(answer, 400);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(field);
        }
        var names = new { zh = "名" };
        await Refused(
            new
            {
                code = "a",
                parent = "nowhere",
                names,
                phrases = Array.Empty<string>(),
            },
            "themes[0].parent"
        );
        await Refused(
            new
            {
                code = "a",
                names,
                phrases = new[] { "x" },
            },
            "themes[0].phrases"
        );
        await Refused(
            new
            {
                code = "a",
                names = new { zh = "" },
                phrases = Array.Empty<string>(),
            },
            "themes[0].names"
        );
        await Problem(await fixture.Agent().PutAsJsonAsync("/api/service-desk/codebook", Published("x")), 403);
    }
}
