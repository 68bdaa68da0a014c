using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Feedback;
using CrmPlatform.ServiceDesk.Tests.Feedback;
using CrmPlatform.ServiceDesk.Tests.Surveys;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>A person may have a copy of everything that is held about them (PIPL, article 45).</summary>
public class PersonalDataTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Review = "物流慢,等了十天";

    Task<JsonElement> Export(Guid customer) =>
        fixture.Http("personal.export").GetFromJsonAsync<JsonElement>($"/api/service-desk/customers/{customer}/personal");

    static string?[] Of(JsonElement export, string list, params string[] path) =>
        [.. export.GetProperty(list).EnumerateArray().Select(item => path.Aggregate(item, (at, name) => at.GetProperty(name)).GetString())];

    [Fact]
    public async Task an_export_has_what_was_said_and_sent_and_how_the_customer_was_spoken_with()
    {
        var (customer, _) = await fixture.Invited(await fixture.Publish());
        await fixture.Said(Review, customer);
        await fixture.Said("要一个深色模式", customer, "suggestion");
        await fixture.Said("别人说的", Guid.CreateVersion7());
        var ticket = (await fixture.Post("tickets", Request(customer), HttpStatusCode.Created)).Id;
        foreach (var (command, body) in new (string, object)[] { ("resolve", Valid("resolve")), ("satisfaction", new { score = 1 }) })
            await fixture.Post($"tickets/{ticket}/{command}", body);
        await fixture.RunDue<CodeFeedback>();
        await fixture.CatchUp();

        var export = await Export(customer);
        Of(export, "feedback", "text").ShouldBe([Review, "要一个深色模式"], ignoreOrder: true);
        export.GetProperty("feedback")[0].GetProperty("feedback").GetProperty("themes").EnumerateArray().ShouldNotBeEmpty();
        Of(export, "loops", "ticketId").ShouldBe([ticket.ToString()]);
        Of(export, "messages", "purpose").ShouldBe(["survey"]);
        export.GetProperty("dedications").GetArrayLength().ShouldBe(0);

        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        await fixture.CatchUp();
        Of(await Export(customer), "feedback", "text").ShouldBe([null, null]);
        Of(await Export(customer), "feedback", "personal").ShouldBe(["forgotten", "forgotten"]);
    }
}
