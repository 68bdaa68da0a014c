using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using CrmPlatform.Customers.Erasures;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class ErasureTests(CustomersFixture fixture)
{
    [Fact]
    public async Task contacts_are_never_in_clear_and_after_an_erasure_nothing_names_the_person()
    {
        var http = fixture.All();
        var person = await fixture.Somebody("被遗忘的诸葛孔明");
        await CustomersFixture.Json(
            await http.PutAsJsonAsync(
                $"/api/customers/{person.Id}/profile",
                new
                {
                    profile = new { name = person.Name, birthDate = "1981-07-23" },
                    contacts = new[] { new { kind = "phone", value = person.Phone }, new { kind = "email", value = person.Email } },
                    addresses = new[]
                    {
                        new
                        {
                            kind = "home",
                            city = "襄阳",
                            street = "隆中草庐路七号",
                        },
                    },
                }
            )
        );
        await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase($"{person.Id}-1", person.Id)),
            HttpStatusCode.Created
        );
        await fixture.CatchUp();
        var before = await fixture.Database.Dump();
        foreach (var secret in new[] { person.Phone, person.Phone[3..], person.Email, "隆中草庐路七号", person.Name, "诸葛孔明" })
            before.ShouldNotContain(secret);
        before.ShouldContain(person.Id.ToString(), customMessage: "the test sees what there is");
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{person.Id}")))
            .GetProperty("details")
            .GetProperty("addresses")[0]
            .GetProperty("street")
            .GetString()
            .ShouldBe("隆中草庐路七号");
        var totals = (await CustomersFixture.Json(await http.GetAsync("/api/customers/summary"))).ToString();

        var forgotten = await CustomersFixture.Json(
            await http.PostAsJsonAsync($"/api/customers/{person.Id}/forget", new { reason = "request" })
        );
        (await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{person.Id}/forget", new { reason = "request" })))
            .ToString()
            .ShouldBe(forgotten.ToString());
        await fixture.CatchUp();
        var after = await fixture.Database.Dump();
        foreach (var secret in new[] { person.Phone, person.Email, "隆中草庐路七号", person.Name, "诸葛孔明" })
            after.ShouldNotContain(secret);
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{person.Id}")))
            .TryGetProperty("details", out var details)
            .ShouldBe(details.ValueKind == System.Text.Json.JsonValueKind.Null);
        (await CustomersFixture.Json(await http.PostAsJsonAsync("/api/customers/search", new { phone = person.Phone })))
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(0);
        (await CustomersFixture.Json(await http.GetAsync("/api/customers/summary"))).ToString().ShouldBe(totals);
        (
            await CustomersFixture.Json(
                await http.PutAsJsonAsync($"/api/customers/{person.Id}/profile", new { profile = new { name = "x" } }),
                HttpStatusCode.UnprocessableEntity
            )
        )
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:customer-forgotten");
        (
            await fixture.All().PostAsJsonAsync("/api/customers/purchases", CustomersFixture.Purchase($"{person.Id}-late", person.Id))
        ).StatusCode.ShouldBe(HttpStatusCode.Created, "late facts still count in totals");
    }

    [Theory]
    [
        InlineData("page-views", """{"page":"/a","channel":"web","occurredAt":"2026-05-04T09:55:00Z"}"""),
        InlineData("interactions", """{"channel":"phone","direction":"inbound","topic":"delivery","occurredAt":"2026-05-05T15:00:00Z"}""")
    ]
    public async Task behaviour_of_who_was_forgotten_is_not_recorded(string what, string body)
    {
        var (id, http) = ((await fixture.Somebody()).Id, fixture.All());
        Task<HttpResponseMessage> Say() =>
            http.PostAsync($"/api/customers/{id}/{what}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await CustomersFixture.Json(await Say(), HttpStatusCode.Created);
        await http.PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        (await CustomersFixture.Json(await Say(), HttpStatusCode.UnprocessableEntity))
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:customer-forgotten");
        (await fixture.Store.FetchStream(Behaviour.Visits.IdOf(id))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task an_erasure_is_complete_when_every_context_has_acknowledged()
    {
        var (id, http) = ((await fixture.Somebody()).Id, fixture.All());
        await http.PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/erasure")))
            .GetProperty("outstanding")
            .GetArrayLength()
            .ShouldBe(3);
        foreach (var context in new[] { "segmentation", "service-desk", "loyalty" })
            await fixture.Hear(context, new Contracts.PersonalDataErased(id, 1, fixture.Clock.GetUtcNow()));
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/erasure")))
            .GetProperty("complete")
            .GetBoolean()
            .ShouldBeTrue();
    }

    [Fact]
    public async Task an_erasure_waits_for_the_rooms_that_it_asked_and_for_no_later_ones()
    {
        var now = fixture.Clock.GetUtcNow();
        var before = Erasure.Initial.Evolve(new ErasureRequested(Guid.CreateVersion7(), "request", now));
        before.Outstanding.ShouldBe(["loyalty", "segmentation", "service-desk"]);
        Erasure
            .Initial.Evolve(new ErasureRequested(Guid.CreateVersion7(), "request", now, ["customers", "loyalty"]))
            .Outstanding.ShouldBe(["loyalty"]);

        var (id, http) = ((await fixture.Somebody()).Id, fixture.All());
        await http.PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        (await fixture.Store.Read(Erasure.Of(id))).State.Asked.ShouldBe(["customers", "loyalty", "segmentation", "service-desk"]);
    }

    [Fact]
    public async Task what_still_waits_from_when_this_room_kept_the_timeline_is_passed_over()
    {
        var (id, now) = ((await fixture.Somebody()).Id, fixture.Clock.GetUtcNow());
        var fact = CustomersFixture.AsFact("loyalty", new Contracts.TierChanged(id, null, "Bronze", 0, now));
        await fixture.Hear(fact);
        // A letter of that time is solved by trying again.
        await using (
            var letter = fixture.Db.CreateCommand(
                "insert into dead_letters (event_id, subject, contract, fact, state) values ($1, $2, $3, $4::jsonb, 'dead')"
            )
        )
        {
            var json = System.Text.Json.JsonSerializer.Serialize(fact, CrmPlatform.EventSourcing.EventStoreOptions.Json);
            foreach (var value in new object[] { fact.EventId, id, fact.Contract, json })
                letter.Parameters.Add(new() { Value = value });
            await letter.ExecuteNonQueryAsync();
        }
        var http = fixture.All();
        (await CustomersFixture.Json(await http.PostAsync($"/api/customers/dead-letters/{fact.EventId}/replay", null)))
            .GetProperty("processed")
            .GetInt32()
            .ShouldBe(1);
        await http.PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        await fixture.Hear("loyalty", new Contracts.PersonalDataErased(id, 1, now));
        (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/erasure")))
            .GetProperty("outstanding")
            .GetArrayLength()
            .ShouldBe(2);
    }
}
