using System.Diagnostics;
using System.Text.Json;
using CrmPlatform.Loyalty.Care;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>A room of its own: its clock is moved.</summary>
public class CareRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static readonly Business business = new();

    DateTimeOffset Now => room.Clock.GetUtcNow();

    /// <summary>Facts as they are told at this moment of the room's clock.</summary>
    Task Hear(string publisher, params object[] facts) =>
        room.Hear([.. facts.Select(f => LoyaltyRoom.AsFact(publisher, f) with { RecordedAt = Now })]);

    /// <summary>A customer whose birthday is in so many days, with consent by e-mail.</summary>
    async Task<Guid> Customer(int birthdayIn = 5, bool consent = true, string? language = null)
    {
        var (customer, day) = (Guid.CreateVersion7(), business.DayOf(Now).AddDays(birthdayIn));
        await Hear(
            "customers",
            new Contracts.CustomerRegistered(customer, "individual", null, Now.AddDays(-100)),
            new Contracts.BirthdayNoted(customer, "solar", day.Month, day.Day, Now)
        );
        if (consent)
            await Hear("customers", new Contracts.ConsentChanged(customer, "marketing", "email", true, "1", Now));
        if (language is not null)
            await Hear("customers", new Contracts.ProfileChanged(customer, "individual", null, null, null, null, null, language, Now));
        return customer;
    }

    async Task<JsonElement[]> History(Guid customer) =>
        [.. (await room.Get($"accounts/{customer}/care")).GetProperty("items").EnumerateArray()];

    async Task<string?> BirthdayOutcome(Guid customer)
    {
        var one = (await History(customer)).Single(e => e.GetProperty("occasion").GetString() == "birthday");
        return one.GetProperty("reason").GetString() ?? one.GetProperty("outcome").GetString();
    }

    [Fact]
    public async Task a_birthday_is_greeted_once_with_points_in_the_words_of_tier_and_language_however_many_clocks_come_by()
    {
        var customer = await Customer(language: "en-GB");
        await Hear("customers", LoyaltyRoom.Purchase(customer, 2500, Now));
        var upcoming = await room.Get($"care/upcoming?to={Uri.EscapeDataString(Now.AddDays(7).ToString("O"))}&occasion=birthday&limit=200");
        upcoming.GetProperty("items").EnumerateArray().ShouldContain(i => i.GetProperty("customerId").GetGuid() == customer);

        room.Clock.Advance(TimeSpan.FromDays(6));
        await Task.WhenAll(room.RunDue<DecideCare>(), room.RunDue<DecideCare>(), room.RunDue<DecideCare>());
        (await room.RunDue<DecideCare>()).ShouldBe(0);

        var due = (await room.Store.FetchStream(CustomerCare.IdOf(customer)))
            .Where(e => e.Data is CareCameDue { Personal.Value.Occasion: "birthday" })
            .ShouldHaveSingleItem();
        var said = LoyaltyFeed.Translate(due)!.Contract.ShouldBeOfType<Contracts.CareDue>();
        (said.CustomerId, said.Occasion, said.Channel, said.Content, said.Tier, said.Language, said.Points).ShouldBe(
            (customer, "anniversary", "email", "a1-gold-en", "Gold", "en-GB", 50)
        );
        TimeZoneInfo.ConvertTime(said.OccurredAt, business.Zone).Hour.ShouldBe(9);
        (await room.Balance(customer)).ShouldBe(2550);
        (await room.Store.FetchStream(customer))
            .Select(e => e.Data)
            .OfType<PointsEarned>()
            .Count(e => e.Points == 50 && e.OccurredAt == said.OccurredAt)
            .ShouldBe(1);
        (await BirthdayOutcome(customer)).ShouldBe("due");
    }

    [Fact]
    public async Task without_consent_with_an_open_severe_complaint_and_too_late_there_is_a_reason_and_no_points()
    {
        var (silent, withdrawn, angry, calm, annoyed) = (
            await Customer(consent: false),
            await Customer(),
            await Customer(),
            await Customer(),
            await Customer()
        );
        await Hear(
            "customers",
            new Contracts.ConsentChanged(withdrawn, "marketing", "email", false, "1", Now),
            new Contracts.ConsentChanged(silent, "profiling", "email", true, "1", Now)
        );
        var (open, settled, small) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Contracts.TicketOpened Ticket(Guid customer, Guid id, string kind, string priority) =>
            new(customer, id, kind, "delivery", priority, "phone", Now, Now, Now);
        await Hear(
            "service-desk",
            Ticket(angry, open, "complaint", "urgent"),
            new Contracts.TicketResolved(angry, open, "refund", "carrier", 5, Now),
            new Contracts.TicketReopened(angry, open, "again", Now),
            Ticket(calm, settled, "complaint", "high"),
            new Contracts.TicketResolved(calm, settled, "refund", "carrier", 5, Now),
            new Contracts.TicketClosed(calm, settled, Now),
            Ticket(annoyed, small, "complaint", "normal"),
            Ticket(annoyed, Guid.CreateVersion7(), "request", "urgent")
        );
        var late = await Customer(birthdayIn: 2);

        room.Clock.Advance(TimeSpan.FromDays(6));
        await room.RunDue<DecideCare>();
        foreach (
            var (customer, outcome) in new[]
            {
                (silent, "no-consent"),
                (withdrawn, "no-consent"),
                (angry, "open-complaint"),
                (calm, "due"),
                (annoyed, "due"),
                (late, "too-late"),
            }
        )
            (await BirthdayOutcome(customer)).ShouldBe(outcome);
        (await room.Balance(angry), await room.Balance(calm)).ShouldBe((0, 50));
        (await room.Store.FetchStream(CustomerCare.IdOf(silent))).Select(LoyaltyFeed.Translate).ShouldAllBe(f => f == null);
    }

    [Fact]
    public async Task a_forgotten_birthday_is_nowhere_and_nobody_is_greeted()
    {
        var (customer, stays) = (await Customer(), await Customer());
        room.Clock.Advance(TimeSpan.FromDays(6));
        await room.RunDue<DecideCare>();
        var held = await room.Get($"customers/{customer}/personal");
        held.GetProperty("care")
            .EnumerateArray()
            .Select(f => f.GetProperty("data"))
            .ShouldContain(d => d.ToString().Contains("\"month\"", StringComparison.Ordinal), "an export shows what is sealed");
        var before = await Dump();
        foreach (var sealedWord in new[] { "\"month\"", "birthday\"", "\"dueAt\"" })
            before.ShouldNotContain(sealedWord);
        before.ShouldContain("care_came_due");

        await Hear("customers", new Contracts.CustomerForgotten(customer, Now), new Contracts.CustomerForgotten(customer, Now));
        foreach (
            var late in new object[]
            {
                new Contracts.BirthdayNoted(customer, "solar", 5, 4, Now),
                new Contracts.ConsentChanged(customer, "marketing", "email", true, "1", Now),
                new Contracts.CustomerRegistered(customer, "individual", null, Now),
            }
        )
            await Hear("customers", late);
        (await Rows("care_next", customer), await Rows("care_next", stays)).ShouldBe((0, 1));
        (await History(customer))
            .Select(e => (e.GetProperty("outcome").GetString(), e.GetProperty("occasion").ValueKind))
            .ShouldAllBe(e => e.Item2 == JsonValueKind.Null);
        (await History(customer))[0].GetProperty("reason").GetString().ShouldBe("forgotten");
        (await room.Get($"customers/{customer}/personal")).ToString().ShouldNotContain("\"month\"");
        (await room.Store.FetchStream(CustomerCare.IdOf(customer)))
            .Select(LoyaltyFeed.Translate)
            .ShouldAllBe(f => f == null, "also what the feed had not told yet");

        await room.Daemon.Rebuild("care-next");
        (await Rows("care_next", customer), await Rows("care_next", stays)).ShouldBe((0, 1));
        room.Clock.Advance(TimeSpan.FromDays(366));
        await room.RunDue<DecideCare>();
        (await History(customer))[0].GetProperty("reason").GetString().ShouldBe("forgotten");
        (await room.Store.FetchStream(customer))
            .Select(e => LoyaltyFeed.Translate(e)?.Contract)
            .OfType<Contracts.PersonalDataErased>()
            .ShouldHaveSingleItem()
            .KeysDestroyed.ShouldBe(1);
    }

    [Fact]
    public async Task what_comes_next_built_anew_equals_the_live_table()
    {
        for (var i = 0; i < 3; i++)
            await Customer(birthdayIn: i);
        await room.RunDue<DecideCare>();
        var before = await Contents();
        await room.Daemon.Rebuild("care-next");
        (await Contents()).ShouldBe(before);
    }

    [Fact]
    public async Task a_festival_falls_on_everybody_at_once_and_is_decided_in_a_few_transactions()
    {
        var customers = Enumerable.Range(0, 1200).Select(_ => Guid.CreateVersion7()).ToArray();
        await Hear(
            "customers",
            [
                .. customers.SelectMany(c =>
                    new object[]
                    {
                        new Contracts.CustomerRegistered(c, "individual", null, Now.AddDays(-1)),
                        new Contracts.ConsentChanged(c, "marketing", "email", true, "1", Now),
                    }
                ),
            ]
        );
        var festival = (await room.Get("care/plan"))
            .GetProperty("occasions")
            .EnumerateArray()
            .Single(o => o.GetProperty("code").GetString() == "spring-festival")
            .GetProperty("next")
            .GetDateTimeOffset();
        room.Clock.Advance(festival - Now + TimeSpan.FromMinutes(5));
        var watch = Stopwatch.StartNew();
        await room.RunDue<DecideCare>();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        (await room.RunDue<DecideCare>()).ShouldBe(0);
        await using var command = room.Db.CreateCommand(
            "select count(*), count(distinct stream_id) from mt_events where type = 'care_came_due' and data->>'publishedAs' = 'spring-festival' and stream_id = any($1)"
        );
        command.Parameters.Add(new() { Value = customers.Select(CustomerCare.IdOf).ToArray() });
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        (row.GetInt64(0), row.GetInt64(1)).ShouldBe((1200, 1200));
    }

    [Theory]
    [
        InlineData("care/upcoming?occasion=nonsense"),
        InlineData("care/upcoming?from=2026-05-01T00:00:00Z&to=2026-04-01T00:00:00Z"),
        InlineData("care/upcoming?from=2026-05-01T00:00:00Z&to=2028-04-01T00:00:00Z"),
        InlineData("care/upcoming?from=0001-01-01T00:00:00Z")
    ]
    [InlineData("care/upcoming?after=x"), InlineData("accounts/00000000-0000-7000-8000-000000000001/care?after=x")]
    public async Task a_malformed_question_is_a_400(string path) =>
        ((int)(await room.Everything.GetAsync("/api/loyalty/" + path)).StatusCode).ShouldBe(400);

    async Task<long> Rows(string table, Guid customer)
    {
        await using var command = room.Db.CreateCommand($"select count(*) from {table} where customer_id = $1");
        command.Parameters.Add(new() { Value = customer });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    async Task<List<string>> Contents()
    {
        await using var command = room.Db.CreateCommand("select t::text from care_next t order by 1");
        await using var rows = await command.ExecuteReaderAsync();
        var all = new List<string>();
        while (await rows.ReadAsync())
            all.Add(rows.GetString(0));
        return all;
    }

    async Task<string> Dump()
    {
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(room.Database.Admin);
        var start = new ProcessStartInfo(
            "pg_dump",
            [
                "-h",
                connection.Host!,
                "-p",
                connection.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "-U",
                connection.Username!,
                "--inserts",
                connection.Database!,
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PGPASSWORD"] = connection.Password;
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        return text;
    }
}
