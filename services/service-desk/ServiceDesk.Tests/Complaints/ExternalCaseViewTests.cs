using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Complaints;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Complaints at an authority over the API: what is shown of them, and what happens by time alone.</summary>
public class ExternalCaseViewTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Reference = "浙消投-77881";

    [Fact]
    public async Task cases_are_shown_with_their_clocks_and_watched()
    {
        var (customer, now) = (Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        var id = (await fixture.Post("tickets", DeskRequests.Complaint(customer), HttpStatusCode.Created)).Id;
        var promised = (await fixture.Get($"tickets/{id}")).GetProperty("clocks")[1].GetProperty("dueAt").GetDateTimeOffset();
        var (received, answer) = (now.AddDays(-1), now.AddDays(300));
        var body = $"12315-{id.ToString()[..8]}";
        await fixture.Post(
            $"tickets/{id}/escalate-outside",
            new
            {
                body,
                reference = Reference,
                receivedAt = received,
                answerDueAt = answer,
            }
        );
        var listed = (await Cases("state=open&")).ShouldHaveSingleItem();
        listed.GetProperty("ticketId").GetGuid().ShouldBe(id);
        var shown = listed.GetProperty("case");
        shown
            .GetProperty("answerDueAt")
            .GetDateTimeOffset()
            .ShouldBe(promised, TimeSpan.FromMilliseconds(1), "the promised solution is earlier");
        shown.GetProperty("late").GetArrayLength().ShouldBe(0);
        var inTicket = (await fixture.Get($"tickets/{id}")).GetProperty("complaint").GetProperty("externalCases")[0];
        inTicket.EnumerateObject().Select(p => p.Name).ShouldBe(shown.EnumerateObject().Select(p => p.Name));
        inTicket.GetProperty("answerDueAt").GetDateTimeOffset().ShouldBe(promised);
        inTicket.GetProperty("reference").GetString().ShouldBe(Reference);
        (await fixture.Database.Dump()).ShouldNotContain(Reference);
        await WithheldText.Check(fixture, [id, customer], Reference);
        (await fixture.Http("personal.export").GetStringAsync($"/api/service-desk/customers/{customer}/personal")).ShouldContain(body);

        fixture.Clock.Advance(TimeSpan.FromDays(30));
        (await Cases("state=late&"))
            .ShouldHaveSingleItem()
            .GetProperty("case")
            .GetProperty("late")[0]
            .GetString()
            .ShouldBe("external-acceptance");
        await fixture.RunDue<WatchExternalCases>();
        await fixture.RunDue<WatchExternalCases>();
        (await Told()).ShouldBe(["external-acceptance"]);
        await fixture.Post($"tickets/{id}/external-case/accept", new { });
        fixture.Clock.Advance(TimeSpan.FromDays(120));
        await fixture.RunDue<WatchExternalCases>();
        (await Told()).ShouldBe(["external-acceptance", "external-mediation"]);
        await fixture.Decide(id, "lost-parcel");
        (await Cases("state=open&"))
            .ShouldHaveSingleItem()
            .GetProperty("case")
            .GetProperty("answeredAt")
            .ValueKind.ShouldBe(JsonValueKind.String);
        await fixture.Post($"tickets/{id}/external-case/end", new { outcome = "not-settled" });
        fixture.Clock.Advance(TimeSpan.FromDays(200));
        await fixture.RunDue<WatchExternalCases>();
        (await Told()).Count.ShouldBe(2, "the complaint was decided in time");
        var ended = (await Cases("state=ended&")).ShouldHaveSingleItem().GetProperty("case");
        (ended.GetProperty("outcome").GetString(), ended.GetProperty("late").GetArrayLength()).ShouldBe(("not-settled", 2));
        await fixture.Daemon.Rebuild("external-cases");
        (await Cases("")).ShouldHaveSingleItem().GetProperty("case").GetRawText().ShouldBe(ended.GetRawText());

        async Task<JsonElement[]> Cases(string question) =>
            [.. (await fixture.Get($"complaints/external-cases?{question}body={body}")).GetProperty("items").EnumerateArray()];

        async Task<List<string>> Told() =>
            [
                .. (await fixture.Store.FetchStream(id))
                    .Select(e => e.Data)
                    .OfType<Escalated>()
                    .Select(e => e.Clock)
                    .Where(c => c.StartsWith("external-", StringComparison.Ordinal)),
            ];
    }

    [Fact]
    public async Task cases_are_paged_and_none_is_taken_of_a_forgotten_customer()
    {
        var (customer, received) = (Guid.CreateVersion7(), fixture.Clock.GetUtcNow().AddDays(-1));
        var id = (await fixture.Post("tickets", DeskRequests.Complaint(customer), HttpStatusCode.Created)).Id;
        foreach (var reference in new[] { "1", "2" })
        {
            await fixture.Post($"tickets/{id}/escalate-outside", Case(reference));
            await fixture.Post($"tickets/{id}/external-case/end", new { outcome = "withdrawn" });
        }
        var first = await fixture.Get($"complaints/external-cases?ticket={id}&limit=1");
        var second = await fixture.Get($"complaints/external-cases?ticket={id}&limit=1&after={first.GetProperty("next").GetString()}");
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        new[] { first, second }
            .Select(page => page.GetProperty("items")[0].GetProperty("case").GetProperty("number").GetInt32())
            .ShouldBe([1, 2], ignoreOrder: true);

        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        await DeskRequests.Problem(
            await fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{id}/escalate-outside", Case("3")),
            422,
            "customer-forgotten"
        );

        object Case(string reference) =>
            new
            {
                body = "12345",
                reference,
                receivedAt = received,
            };
    }
}
