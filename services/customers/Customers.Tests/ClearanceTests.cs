using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>An address is given for what its owner consented to, as of the moment of the question.</summary>
[Collection("customers")]
public sealed class ClearanceTests(CustomersFixture fixture)
{
    HttpClient Sender => fixture.Http("customers.contact.use");

    [Fact]
    public async Task an_address_is_given_with_consent_to_the_purpose_on_the_channel()
    {
        var person = await fixture.Somebody();
        (await Clear(person.Id)).Verdict().ShouldBe("no-consent");
        await Consent(person.Id, granted: true);
        var cleared = await Clear(person.Id);
        (
            cleared.Verdict(),
            cleared.GetProperty("address").GetString(),
            cleared.GetProperty("name").GetString(),
            cleared.GetProperty("noticeVersion").GetString()
        ).ShouldBe(("cleared", person.Email, person.Name, "2026-01"));
        (await Clear(person.Id, purpose: "profiling")).Verdict().ShouldBe("no-consent");
        (await Clear(person.Id, channel: "sms")).Verdict().ShouldBe("no-consent");
        await Consent(person.Id, granted: true, channel: "sms");
        (await Clear(person.Id, channel: "sms")).GetProperty("address").GetString().ShouldBe(person.Phone);
    }

    [Fact]
    public async Task who_withdrew_or_was_forgotten_is_refused_from_the_next_question_on()
    {
        var person = await fixture.Somebody();
        await Consent(person.Id, granted: true);
        (await Clear(person.Id)).Verdict().ShouldBe("cleared");
        await Consent(person.Id, granted: false);
        var refused = await Clear(person.Id);
        refused.Verdict().ShouldBe("no-consent");
        refused.GetRawText().ShouldNotContain(person.Email);
        await Consent(person.Id, granted: true);
        await fixture.All().PostAsJsonAsync($"/api/customers/{person.Id}/forget", new { });
        (await Clear(person.Id)).Verdict().ShouldBe("forgotten");
    }

    [Fact]
    public async Task a_withdrawal_by_one_member_holds_for_all_who_are_one()
    {
        var (one, two) = (await fixture.Somebody(), await fixture.Somebody());
        await Consent(one.Id, granted: true);
        await fixture.All().Merged(one.Id, two.Id);
        (await Clear(two.Id)).Verdict().ShouldBe("cleared");
        await Consent(two.Id, granted: false);
        (await Clear(one.Id)).Verdict().ShouldBe("no-consent");
        (await Clear(two.Id)).Verdict().ShouldBe("no-consent");
    }

    [Fact]
    public async Task answers_come_in_the_order_of_the_question_and_no_address_is_made_up()
    {
        var (person, nobody) = (await fixture.Somebody(), Guid.CreateVersion7());
        foreach (var channel in new[] { "email", "wechat", "visit" })
            await Consent(person.Id, granted: true, channel: channel);
        var answers = await Ask(
            (nobody, "marketing", "email"),
            (person.Id, "marketing", "email"),
            (person.Id, "marketing", "wechat"),
            (person.Id, "marketing", "visit"),
            (person.Id, "marketing", "email")
        );
        answers.Select(a => a.Verdict()).ShouldBe(["unknown-customer", "cleared", "no-address", "no-address", "cleared"]);
    }

    [Fact]
    public async Task every_address_that_is_given_is_recorded_and_no_refusal_is()
    {
        var (cleared, refused) = (await fixture.Somebody(), await fixture.Somebody());
        await Consent(cleared.Id, granted: true);
        await Ask((cleared.Id, "marketing", "email"), (refused.Id, "marketing", "email"));
        (await Reads(cleared.Id)).ShouldBe(["GrantClearances"]);
        (await Reads(refused.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task at_most_two_hundred_are_asked_for_at_once()
    {
        var many = Enumerable.Repeat(
            new
            {
                customerId = Guid.CreateVersion7(),
                purpose = "marketing",
                channel = "email",
            },
            201
        );
        var answer = await Sender.PostAsJsonAsync("/api/customers/clearances", new { items = many });
        (await CustomersFixture.Json(answer, HttpStatusCode.BadRequest))
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:invalid-request");
        (await CustomersFixture.Json(await Sender.PostAsJsonAsync("/api/customers/clearances", new { items = many.Take(200) })))
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(200);
    }

    async Task<string?[]> Reads(Guid customer) =>
        [
            .. (
                await CustomersFixture.Json(
                    await fixture.Http("personal.audit").GetAsync($"/api/customers/personal-reads?customerId={customer}")
                )
            )
                .GetProperty("items")
                .EnumerateArray()
                .Select(r => r.GetProperty("operation").GetString()),
        ];

    async Task Consent(Guid id, bool granted, string channel = "email") =>
        await CustomersFixture.Json(
            await fixture
                .All()
                .PostAsJsonAsync(
                    $"/api/customers/{id}/consents",
                    new
                    {
                        purpose = "marketing",
                        channel,
                        granted,
                        noticeVersion = "2026-01",
                    }
                )
        );

    async Task<JsonElement> Clear(Guid id, string purpose = "marketing", string channel = "email") =>
        (await Ask((id, purpose, channel))).ShouldHaveSingleItem();

    async Task<JsonElement[]> Ask(params (Guid Id, string Purpose, string Channel)[] wanted) => [.. (
                await CustomersFixture.Json(
                    await Sender.PostAsJsonAsync(
                        "/api/customers/clearances",
                        new
                        {
                            items = wanted.Select(w => new
                            {
                                customerId = w.Id,
                                purpose = w.Purpose,
                                channel = w.Channel,
                            }),
                        }
                    )
                )
            ).GetProperty("items").EnumerateArray()];
}

static class ClearanceWords
{
    /// <summary><c>cleared</c>, or why not.</summary>
    public static string? Verdict(this JsonElement answer) =>
        answer.GetProperty("reason").GetString() ?? answer.GetProperty("verdict").GetString();
}
