using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>Seeing what was written is a permission apart, and whoever sees it is recorded.</summary>
public sealed class WithheldTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    async Task<(Guid Customer, Guid Ticket)> Written()
    {
        var customer = Guid.CreateVersion7();
        var id = (await fixture.Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await fixture.Post($"tickets/{id}/replies", new { channel = "email", text = "we are very sorry" });
        await fixture.Post($"tickets/{id}/notes", new { text = "rather upset" });
        return (customer, id);
    }

    [Fact]
    public async Task without_its_permission_no_answer_holds_what_was_written()
    {
        var (customer, id) = await Written();
        await WithheldText.Check(fixture, [id, customer], Secret, "Late again", "we are very sorry", "rather upset");

        var analyst = fixture.Http("service-desk.read");
        var ticket = await analyst.GetFromJsonAsync<JsonElement>($"/api/service-desk/tickets/{id}");
        ticket.GetProperty("personal").GetString().ShouldBe("withheld");
        ticket.GetProperty("category").GetString().ShouldBe("delivery");
        ticket.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("by").GetString()).ShouldBe(["agent", "note"]);
        (await fixture.Get($"tickets/{id}")).GetProperty("personal").GetString().ShouldBe("shown");
        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        (await analyst.GetFromJsonAsync<JsonElement>($"/api/service-desk/tickets/{id}"))
            .GetProperty("personal")
            .GetString()
            .ShouldBe("forgotten");
    }

    [Fact]
    public async Task whoever_is_shown_it_is_recorded()
    {
        var (customer, id) = await Written();
        await fixture.Http("service-desk.read").GetAsync($"/api/service-desk/tickets/{id}");
        await fixture.Get($"tickets?customer={customer}");
        (await Reads()).ShouldBeEmpty();
        await fixture.Get($"tickets/{id}");
        await fixture.Http("personal.export").GetAsync($"/api/service-desk/customers/{customer}/personal");
        (await Reads()).ShouldBe(["GetPersonalData", "GetTicket"]);

        async Task<List<string?>> Reads() =>
            [
                .. (
                    await fixture
                        .Http("personal.audit")
                        .GetFromJsonAsync<JsonElement>($"/api/service-desk/personal-reads?customerId={customer}")
                )
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(r => r.GetProperty("operation").GetString()),
            ];
    }
}
