using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Care;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>Seeing a birthday is a permission apart, and whoever sees one is recorded. A room of its own: its clock is moved.</summary>
public sealed class WithheldTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task without_its_permission_no_answer_tells_a_birthday()
    {
        var (greeted, next) = (await room.Celebrant(), await room.Celebrant(birthdayIn: 8));
        room.Clock.Advance(TimeSpan.FromDays(6));
        await room.RunDue<DecideCare>();
        await WithheldText.Check(room, [greeted, next], "\"occasion\":\"birthday\"");

        var analyst = room.Http("loyalty.read");
        var history = (await analyst.GetFromJsonAsync<JsonElement>($"/api/loyalty/accounts/{greeted}/care")).GetProperty("items");
        history.EnumerateArray().ShouldContain(c => c.GetProperty("outcome").GetString() == "due");
        foreach (var shown in history.EnumerateArray())
            (shown.GetProperty("personal").GetString(), shown.GetProperty("day").ValueKind, shown.GetProperty("dueAt").ValueKind).ShouldBe(
                ("withheld", JsonValueKind.Null, JsonValueKind.Null)
            );
        ((int)(await analyst.GetAsync("/api/loyalty/care/upcoming?occasion=birthday")).StatusCode).ShouldBe(403);
        (await room.Get("care/upcoming?occasion=birthday&limit=200"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(i => (i.GetProperty("customerId").GetGuid(), i.GetProperty("personal").GetString()))
            .ShouldContain((next, "shown"));
    }

    [Fact]
    public async Task whoever_is_shown_a_birthday_is_recorded()
    {
        var customer = await room.Celebrant();
        await room.Http("loyalty.read").GetAsync("/api/loyalty/care/upcoming?limit=200");
        (await Reads()).ShouldBeEmpty();
        await room.Get("care/upcoming?limit=200");
        await room.Get($"customers/{customer}/personal");
        (await Reads()).ShouldBe(["GetPersonalData", "GetUpcomingCare"]);

        async Task<List<string?>> Reads() =>
            [
                .. (await room.Get($"personal-reads?customerId={customer}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(r => r.GetProperty("operation").GetString()),
            ];
    }
}
