using System.Diagnostics;
using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>The words in which tests speak of greetings to a room whose clock they move.</summary>
static class CareWords
{
    static readonly Business business = new();

    public static DateTimeOffset Now(this LoyaltyRoom room) => room.Clock.GetUtcNow();

    /// <summary>Facts as they are told at this moment of the room's clock.</summary>
    public static Task Tell(this LoyaltyRoom room, string publisher, params object[] facts) =>
        room.Hear([.. facts.Select(f => LoyaltyRoom.AsFact(publisher, f) with { RecordedAt = room.Now() })]);

    /// <summary>A customer whose birthday is in so many days, with consent by e-mail.</summary>
    public static async Task<Guid> Celebrant(this LoyaltyRoom room, int birthdayIn = 5, bool consent = true, string? language = null)
    {
        var (customer, day) = (Guid.CreateVersion7(), business.DayOf(room.Now()).AddDays(birthdayIn));
        await room.Tell(
            "customers",
            new Contracts.CustomerRegistered(customer, "individual", null, room.Now().AddDays(-100)),
            new Contracts.BirthdayNoted(customer, "solar", day.Month, day.Day, room.Now())
        );
        if (consent)
            await room.Tell("customers", new Contracts.ConsentChanged(customer, "marketing", "email", true, "1", room.Now()));
        if (language is not null)
            await room.Tell(
                "customers",
                new Contracts.ProfileChanged(customer, "individual", null, null, null, null, null, language, room.Now())
            );
        return customer;
    }

    public static async Task<JsonElement[]> History(this LoyaltyRoom room, Guid customer) =>
        [.. (await room.Get($"accounts/{customer}/care")).GetProperty("items").EnumerateArray()];

    public static async Task<string?> BirthdayOutcome(this LoyaltyRoom room, Guid customer)
    {
        var one = (await room.History(customer)).Single(e => e.GetProperty("occasion").GetString() == "birthday");
        return one.GetProperty("reason").GetString() ?? one.GetProperty("outcome").GetString();
    }

    public static async Task<long> Rows(this LoyaltyRoom room, string table, Guid customer)
    {
        await using var command = room.Db.CreateCommand($"select count(*) from {table} where customer_id = $1");
        command.Parameters.Add(new() { Value = customer });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<List<string>> Contents(this LoyaltyRoom room)
    {
        await using var command = room.Db.CreateCommand("select t::text from care_next t order by 1");
        await using var rows = await command.ExecuteReaderAsync();
        var all = new List<string>();
        while (await rows.ReadAsync())
            all.Add(rows.GetString(0));
        return all;
    }
}
