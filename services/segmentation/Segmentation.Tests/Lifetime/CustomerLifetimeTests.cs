using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Lifetime;
using CrmPlatform.Segmentation.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>One customer by the active model. A room of its own: customers are merged and forgotten.</summary>
public class CustomerLifetimeTests(LifetimeRoom fixture) : IClassFixture<LifetimeRoom>
{
    [Fact]
    public async Task a_customer_is_scored_as_of_a_day_and_a_group_as_one()
    {
        var id = await fixture.Fit(new { asOf = "1998-03-31", margin = 0.4 });
        (await fixture.Client.PostAsync($"{LifetimeRoom.Models}/{id}/activate", null)).EnsureSuccessStatusCode();
        var model = JsonSerializer.Deserialize<ModelComputed>(
            await fixture
                .Services.GetRequiredService<NpgsqlDataSource>()
                .QuerySingle<string>("select computed::text from lifetime_models where model_id = @id", new { id }, default),
            EventStoreOptions.Json
        )!;
        var at = Cdnow.Customers.Select((c, i) => (c, i)).First(c => c.c.X == 3).i;
        var (customer, c) = (CdnowShop.Id(at), Cdnow.Customers[at]);
        var said = await fixture.Get($"customers/{customer}/lifetime?asOf=1997-09-30");
        said.GetProperty("modelId").GetGuid().ShouldBe(id);
        (said.GetProperty("repeatDays").GetInt32(), said.GetProperty("recency").GetDouble(), said.GetProperty("age").GetDouble()).ShouldBe(
            (c.X, Math.Round(c.Recency, 4), Math.Round(c.Age, 4))
        );
        var score = new Scorer(model.Purchases.Model, model.Value.Model, 0.4).Of(c.X, c.Recency, c.Age, c.MeanValue);
        said.GetProperty("alive").GetDouble().ShouldBe(score.Alive, 5e-5);
        said.GetProperty("clv").GetDecimal().ShouldBe((decimal)Math.Round(score.Clv, 2));
        said.GetProperty("expected").EnumerateArray().Last().GetProperty("purchases").GetDouble().ShouldBe(score.Weeks52, 5e-5);
        // Asked again at the day on which it falls, it has fallen; the day before it had not.
        foreach (
            var fall in said.GetProperty("falls")
                .EnumerateArray()
                .Where(f => f.GetProperty("at").GetDateTimeOffset() < new DateTime(2026, 1, 1))
        )
        {
            var day = fixture.Services.GetRequiredService<Business>().DayOf(fall.GetProperty("at").GetDateTimeOffset());
            model
                .Purchases.Model.Alive(c.X, c.Recency, c.Age + ((day.DayNumber - new DateOnly(1997, 9, 30).DayNumber) / 7.0))
                .ShouldBeLessThanOrEqualTo(fall.GetProperty("alive").GetDouble());
            model
                .Purchases.Model.Alive(c.X, c.Recency, c.Age + ((day.DayNumber - 1 - new DateOnly(1997, 9, 30).DayNumber) / 7.0))
                .ShouldBeGreaterThan(fall.GetProperty("alive").GetDouble());
        }

        // One person under two ids: their days together, under either id.
        var other = Guid.CreateVersion7();
        var since = new DateTimeOffset(1997, 9, 29, 17, 0, 0, TimeSpan.Zero);
        var (bought, undone) = (Purchase(other, 50, since), Purchase(other, 70, since.AddDays(-1)));
        await fixture.Hear("customers", bought, Purchase(other, 60, since), undone);
        await fixture.CatchUp();
        await fixture.Hear("customers", GroupWorld.Returned(undone, 70, wholly: true, since.AddHours(1)));
        await fixture.CatchUp();
        (
            await LifetimeRoom.Refused(await fixture.Client.GetAsync($"/api/segmentation/customers/{other}/lifetime?asOf=1997-09-30"))
        ).ShouldBe("too-young");
        await fixture.Hear("customers", [.. GroupWorld.Linked(fixture.Clock.GetUtcNow(), customer, other)]);
        await fixture.Settle();
        foreach (var member in new[] { customer, other })
        {
            var together = await fixture.Get($"customers/{member}/lifetime?asOf=1997-09-30");
            together.GetProperty("repeatDays").GetInt32().ShouldBe(c.X + 1, "two purchases of one day, and a day that wholly came back");
            together.GetProperty("group").GetProperty("survivorId").GetGuid().ShouldBe(customer);
            together.GetProperty("alive").GetDouble().ShouldBeGreaterThan(score.Alive);
            together.GetProperty("meanValue").GetDecimal().ShouldBe(Math.Round((decimal)((c.X * c.MeanValue) + 110) / (c.X + 1), 2));
        }
        var joined = await fixture.Fit(new { asOf = "1997-10-01" });
        (await fixture.Get($"lifetime/models/{joined}")).GetProperty("customers").GetInt32().ShouldBe(2357, "two ids, one customer");

        // Who was forgotten is scored no more and fitted no more.
        await fixture.Hear("customers", new Contracts.CustomerForgotten(CdnowShop.Id(7), fixture.Clock.GetUtcNow()));
        await fixture.CatchUp();
        (await fixture.Client.GetAsync($"/api/segmentation/customers/{CdnowShop.Id(7)}/lifetime")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        var without = await fixture.Fit(new { asOf = "1997-10-02" });
        (await fixture.Get($"lifetime/models/{without}")).GetProperty("customers").GetInt32().ShouldBe(2356);
    }
}
