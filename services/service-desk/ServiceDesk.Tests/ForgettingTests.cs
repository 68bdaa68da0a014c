using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>After a customer is forgotten, codes and times stay, but no text.</summary>
public class ForgettingTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task forgetting_a_customer_leaves_no_word_of_theirs()
    {
        var customer = Guid.CreateVersion7();
        var id = (await fixture.Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await fixture.Post($"tickets/{id}/customer-replies", new { channel = "chat", text = Secret });
        (await fixture.Database.Dump()).ShouldNotContain("13800138000", customMessage: "text is never stored in clear");
        var export = await fixture
            .Http("personal.export")
            .GetFromJsonAsync<JsonElement>($"/api/service-desk/customers/{customer}/personal");
        export.GetProperty("tickets")[0].GetProperty("text").GetString().ShouldBe(Secret);

        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        await fixture.CatchUp();
        var ticket = await fixture.Get($"tickets/{id}");
        ticket.GetProperty("kind").GetString().ShouldBe("complaint", "codes and times stay");
        (await fixture.Agent().GetStringAsync($"/api/service-desk/tickets/{id}")).ShouldNotContain("13800138000");
        (await fixture.Http("personal.export").GetStringAsync($"/api/service-desk/customers/{customer}/personal")).ShouldNotContain(
            "13800138000"
        );
        (await fixture.Store.FetchStream(customer))
            .Select(ServiceDeskFeed.Translate)
            .OfType<OutgoingFact>()
            .Single()
            .Contract.ShouldBeOfType<Contracts.PersonalDataErased>();

        // Nor is what other rooms tell late.
        var noted = (await fixture.Store.FetchStream(customer)).Count;
        await fixture.Hear("loyalty", new Contracts.TierChanged(customer, null, "Gold", 2_000, fixture.Clock.GetUtcNow()));
        await fixture.Hear(
            "segmentation",
            new Contracts.GradeChanged(customer, "abc", null, "A", Guid.CreateVersion7(), fixture.Clock.GetUtcNow())
        );
        (await fixture.Store.FetchStream(customer)).Count.ShouldBe(noted);

        // No text is taken that could not be kept, and no new ticket is opened; what has no text goes on.
        await fixture.Post($"tickets/{id}/assess", Valid("assess"));
        await fixture.Post($"tickets/{id}/investigate", new { });
        foreach (var command in new[] { "notes", "replies", "customer-replies", "findings" })
            await Problem(
                await fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{id}/{command}", Valid(command)),
                422,
                "customer-forgotten"
            );
        var refused = await fixture.Agent().PostAsJsonAsync("/api/service-desk/tickets", Complaint(customer));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }
}
