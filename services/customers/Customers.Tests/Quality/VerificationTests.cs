using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>Contacts and addresses are verified, by who registers them or afterwards.</summary>
[Collection("customers")]
public sealed class VerificationTests(CustomersFixture fixture)
{
    HttpClient All => fixture.All();

    [Fact]
    public async Task a_verified_contact_says_when_as_of_any_moment()
    {
        var (id, phone, email, _) = await fixture.Somebody();
        var typed = $"{phone[..3]} {phone[3..]}";
        await Done(await Verify(id, "phone", typed, "sms", "2020-05-01T10:00:00+08:00"));
        await Done(await Verify(id, "email", email.ToUpperInvariant(), "email"));
        (await Verified(id, "phone", phone)).ShouldBe(new(2020, 5, 1, 2, 0, 0, TimeSpan.Zero));
        var facts = await fixture.Store.FetchStream(id);
        (await Verified(id, "email", email))!.Value.ShouldBe(facts[^1].RecordedAt, TimeSpan.FromSeconds(30));
        (await Verified(id, "email", email, $"?knownAt={Uri.EscapeDataString(facts[^2].RecordedAt.ToString("O"))}")).ShouldBeNull();
    }

    [Fact]
    public async Task the_same_again_changes_nothing_and_an_older_one_tells_nothing()
    {
        var (id, phone, _, _) = await fixture.Somebody();
        await Done(await Verify(id, "phone", phone, "call", "2026-05-01T10:00:00Z"));
        var version = (await fixture.Store.FetchStream(id)).Count;
        await Done(await Verify(id, "phone", phone, "call", "2026-05-01T10:00:00Z"));
        await Done(await Verify(id, "phone", phone, "document", "2026-04-01T10:00:00Z"));
        (await fixture.Store.FetchStream(id)).Count.ShouldBe(version);
    }

    [Fact]
    public async Task what_the_profile_has_not_cannot_be_verified()
    {
        var (id, phone, _, _) = await fixture.Somebody();
        (await Refused(await Verify(id, "phone", "+8613812349999", "sms"))).ShouldBe("urn:crm:no-such-contact");
        (await Refused(await Verify(id, "wechat", phone, "call"))).ShouldBe("urn:crm:no-such-contact");
        (await Refused(await Verify(id, "address", "home", "document"))).ShouldBe("urn:crm:no-such-contact");
        (await Refused(await Verify(id, "phone", phone, "sms", "2199-01-01T00:00:00Z"))).ShouldBe("urn:crm:in-the-future");
        (await Refused(await Verify(Guid.CreateVersion7(), "phone", phone, "sms"))).ShouldBe("urn:crm:customer-unknown");
        (await Verified(id, "phone", phone)).ShouldBeNull();
    }

    [Fact]
    public async Task a_verification_stays_with_its_value_through_revisions()
    {
        var (id, phone, email, _) = await fixture.Somebody();
        await Done(await Verify(id, "phone", phone, "sms", "2026-05-01T10:00:00Z"));
        await Done(await Verify(id, "email", email, "email", "2026-05-02T10:00:00Z"));
        await Revise(id, phone, "another@example.com");
        (await Verified(id, "phone", phone)).ShouldBe(new(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
        (await Verified(id, "email", "another@example.com")).ShouldBeNull();
        await Revise(id, phone, email);
        (await Verified(id, "email", email)).ShouldBeNull("it was not theirs for a while");
        await Revise(id, phone, email, "2026-05-03T10:00:00Z");
        (await Verified(id, "email", email)).ShouldBe(new(2026, 5, 3, 10, 0, 0, TimeSpan.Zero), "who revises may say so");
    }

    [Fact]
    public async Task an_address_is_verified_by_what_it_is_for()
    {
        var (id, phone, _, _) = await fixture.Somebody();
        var addresses = new[] { new { kind = "home", street = "核实路 1 号" }, new { kind = "work", street = "核实路 2 号" } };
        var body = new { profile = new { name = "x" }, addresses };
        await Done(await All.PutAsJsonAsync($"/api/customers/{id}/profile", body));
        await Done(await Verify(id, "address", "home", "document", "2026-05-01T10:00:00Z"));
        await Done(await All.PutAsJsonAsync($"/api/customers/{id}/profile", body));
        (await Addresses()).ShouldBe(["home 2026-05-01T10:00:00+00:00", "work "]);

        async Task<string[]> Addresses() =>
            [
                .. (await CustomersFixture.Json(await All.GetAsync($"/api/customers/{id}")))
                    .GetProperty("details")
                    .GetProperty("addresses")
                    .EnumerateArray()
                    .Select(a => $"{a.GetProperty("kind").GetString()} {a.GetProperty("verifiedAt").GetString()}"),
            ];
    }

    [Fact]
    public async Task rows_of_imports_say_when_the_source_verified_it()
    {
        var system = Fresh();
        const string header = "externalSystem,externalId,phone,phoneVerifiedAt,email,emailVerifiedAt\n";
        var row = $"{system},1,13812341234,2026-03-01T00:00:00Z,{system}@shop.cn,";
        (
            await fixture.Import(
                "customers",
                $"{header}{row}\n{system},2,,2026-03-01T00:00:00Z,,\n{system},3,13812341235,2199-01-01T00:00:00Z,,\n"
            )
        ).ShouldBe(["2 recorded", "3 refused invalid-request phone", "4 refused in-the-future phoneVerifiedAt"]);
        (await fixture.Import("customers", $"{header}{row}\n")).ShouldBe(["2 unchanged"]);
        // The source has verified the address since, and the phone again.
        var again = $"{system},1,138 1234 1234,2026-04-01T00:00:00Z,{system}@shop.cn,2026-04-02T00:00:00Z\n";
        (await fixture.Import("customers", $"{header}{again}")).ShouldBe(["2 recorded"]);
        (await fixture.Import("customers", $"{header}{again}{row}\n")).ShouldBe(["2 unchanged", "3 unchanged"]);
        var found = await CustomersFixture.Json(
            await All.PostAsJsonAsync("/api/customers/search", new { externalId = new { system, value = "1" } })
        );
        var id = found.GetProperty("items")[0].GetProperty("id").GetGuid();
        (await Verified(id, "phone", "+8613812341234")).ShouldBe(new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));
        (await Verified(id, "email", $"{system}@shop.cn")).ShouldBe(new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task a_contact_of_a_company_is_not_verified()
    {
        var company = await CustomersFixture.Json(
            await All.PostAsJsonAsync("/api/customers", new { kind = "enterprise" }),
            HttpStatusCode.Created
        );
        var card = new
        {
            name = "某人",
            contacts = new[]
            {
                new
                {
                    kind = "phone",
                    value = "13812341234",
                    verifiedAt = "2026-03-01T00:00:00Z",
                },
            },
        };
        var answer = await All.PostAsJsonAsync($"/api/customers/companies/{company.GetProperty("id").GetGuid()}/contacts", new { card });
        (await Refused(answer)).ShouldBe("urn:crm:invalid-contact");
    }

    [Fact]
    public async Task nothing_of_a_verification_is_kept_in_clear()
    {
        var (id, _, email, _) = await fixture.Somebody();
        await Done(await Verify(id, "email", email, "email"));
        (await fixture.Database.Dump()).ShouldNotContain(email);
        await All.PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        (await Refused(await Verify(id, "email", email, "email"))).ShouldBe("urn:crm:customer-forgotten");
    }

    Task<HttpResponseMessage> Verify(Guid id, string kind, string value, string method, string? occurredAt = null) =>
        All.PostAsJsonAsync(
            $"/api/customers/{id}/verifications",
            new
            {
                kind,
                value,
                method,
                occurredAt,
            }
        );

    async Task Revise(Guid id, string phone, string email, string? verifiedAt = null) =>
        await Done(
            await All.PutAsJsonAsync(
                $"/api/customers/{id}/profile",
                new
                {
                    profile = new { name = "x" },
                    contacts = new object[]
                    {
                        new { kind = "phone", value = phone },
                        new
                        {
                            kind = "email",
                            value = email,
                            verifiedAt,
                        },
                    },
                }
            )
        );

    async Task<DateTimeOffset?> Verified(Guid id, string kind, string value, string query = "")
    {
        var profile = await CustomersFixture.Json(await All.GetAsync($"/api/customers/{id}{query}"));
        var contact = profile
            .GetProperty("details")
            .GetProperty("contacts")
            .EnumerateArray()
            .Single(c => c.GetProperty("kind").GetString() == kind && c.GetProperty("value").GetString() == value)
            .GetProperty("verifiedAt");
        return contact.ValueKind == JsonValueKind.Null ? null : contact.GetDateTimeOffset();
    }

    static async Task Done(HttpResponseMessage answer) => await CustomersFixture.Json(answer);

    static async Task<string?> Refused(HttpResponseMessage answer) =>
        (await CustomersFixture.Json(answer, HttpStatusCode.UnprocessableEntity)).GetProperty("type").GetString();
}
