using System.Net.Http.Json;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class BirthdayTests(CustomersFixture fixture)
{
    [Theory]
    [InlineData("1981-07-23", "solar", 7, 23), InlineData("1988-02-29", "solar", 2, 29)]
    [
        InlineData("1990-01-27", "lunar", 1, 1),
        InlineData("1984-11-24", "lunar", 10, 2),
        InlineData("1984-12-22", "lunar", 11, 1),
        InlineData("1850-01-27", "solar", 1, 27)
    ]
    public void a_birthday_keeps_its_calendar_and_one_in_a_leap_month_moves_to_the_plain_month(
        string date,
        string calendar,
        int month,
        int day
    ) =>
        NoteBirthday
            .Of(
                DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture),
                asLunar: calendar == "lunar" || date.StartsWith("18", StringComparison.Ordinal)
            )
            .ShouldBe(new Birthday(calendar, month, day));

    [Fact]
    public async Task a_changed_birthday_is_published_without_its_year_until_the_customer_is_forgotten()
    {
        var http = fixture.All();
        async Task<Guid> Register(object profile) =>
            (
                await CustomersFixture.Json(
                    await http.PostAsJsonAsync("/api/customers", new { kind = "individual", profile }),
                    System.Net.HttpStatusCode.Created
                )
            )
                .GetProperty("id")
                .GetGuid();
        var (id, silent) = (
            await Register(
                new
                {
                    name = "生日测试",
                    birthDate = "1981-07-23",
                    language = "zh-CN",
                }
            ),
            await Register(new { name = "无生日" })
        );
        async Task Revise(object profile) =>
            await CustomersFixture.Json(await http.PutAsJsonAsync($"/api/customers/{id}/profile", new { profile }));
        await Revise(
            new
            {
                name = "生日测试",
                birthDate = "1981-07-23",
                language = "en",
            }
        );
        await Revise(new { birthDate = "1980-07-23" });
        await Revise(new { birthDate = "1981-07-23", preferences = new { birthdayCalendar = "lunar" } });
        await Revise(new { name = "生日测试" });
        await Revise(new { name = "生日测试" });

        (await Told<Contracts.BirthdayNoted>(id))
            .Select(b => (b.Calendar, b.Month, b.Day))
            .ShouldBe([("solar", 7, 23), ("lunar", 6, 22), (null, null, null)]);
        (await Told<Contracts.ProfileChanged>(id)).Select(p => p.Language).ShouldBe(["zh-CN", "en", null, null, null, null]);
        (await Told<Contracts.BirthdayNoted>(silent)).ShouldBeEmpty();
        (await Told<Contracts.ProfileChanged>(silent)).ShouldBeEmpty();
        await http.PostAsJsonAsync($"/api/customers/{id}/forget", new { });
        (await Told<Contracts.BirthdayNoted>(id)).ShouldBe(
            [new(id, null, null, null, (await Told<Contracts.BirthdayNoted>(id))[0].OccurredAt)],
            "what is sealed does not open any more"
        );
    }

    async Task<T[]> Told<T>(Guid id) =>
        [.. (await fixture.Store.FetchStream(id)).Select(e => CustomersFeed.Translate(e)?.Contract).OfType<T>()];
}
