using System.Diagnostics;
using System.Text.Json;
using CrmPlatform.Loyalty.Care;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>A room of its own: its clock is moved.</summary>
public class CareRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static readonly Business business = new();

    [Fact]
    public async Task a_birthday_is_greeted_once_in_the_words_of_tier_and_language()
    {
        var customer = await room.Celebrant(language: "en-GB");
        await room.Tell("customers", LoyaltyRoom.Purchase(customer, 2500, room.Now()));
        var upcoming = await room.Get(
            $"care/upcoming?to={Uri.EscapeDataString(room.Now().AddDays(7).ToString("O"))}&occasion=birthday&limit=200"
        );
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
        (await room.BirthdayOutcome(customer)).ShouldBe("due");
    }

    [Fact]
    public async Task who_is_not_greeted_gets_no_points_and_the_history_says_why()
    {
        var (silent, withdrawn, angry, calm, annoyed) = (
            await room.Celebrant(consent: false),
            await room.Celebrant(),
            await room.Celebrant(),
            await room.Celebrant(),
            await room.Celebrant()
        );
        await room.Tell(
            "customers",
            new Contracts.ConsentChanged(withdrawn, "marketing", "email", false, "1", room.Now()),
            new Contracts.ConsentChanged(silent, "profiling", "email", true, "1", room.Now())
        );
        var (open, settled, small) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Contracts.TicketOpened Ticket(Guid customer, Guid id, string kind, string? severity) =>
            new(customer, id, kind, "delivery", "urgent", "phone", room.Now(), room.Now(), room.Now(), severity);
        await room.Tell(
            "service-desk",
            Ticket(angry, open, "complaint", "critical"),
            new Contracts.TicketResolved(angry, open, "refund", "carrier", 5, room.Now()),
            new Contracts.TicketReopened(angry, open, "again", room.Now()),
            Ticket(calm, settled, "complaint", "major"),
            new Contracts.TicketResolved(calm, settled, "refund", "carrier", 5, room.Now()),
            new Contracts.TicketClosed(calm, settled, room.Now()),
            Ticket(annoyed, small, "complaint", "minor"),
            Ticket(annoyed, Guid.CreateVersion7(), "request", null)
        );
        var late = await room.Celebrant(birthdayIn: 2);

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
            (await room.BirthdayOutcome(customer)).ShouldBe(outcome);
        (await room.Balance(angry), await room.Balance(calm)).ShouldBe((0, 50));
        (await room.Store.FetchStream(CustomerCare.IdOf(silent))).Select(LoyaltyFeed.Translate).ShouldAllBe(f => f == null);
    }

    [Fact]
    public async Task a_forgotten_birthday_is_nowhere_and_nobody_is_greeted()
    {
        var (customer, stays) = (await room.Celebrant(), await room.Celebrant());
        room.Clock.Advance(TimeSpan.FromDays(6));
        await room.RunDue<DecideCare>();
        var held = await room.Get($"customers/{customer}/personal");
        held.GetProperty("care")
            .EnumerateArray()
            .Select(f => f.GetProperty("data"))
            .ShouldContain(d => d.ToString().Contains("\"month\"", StringComparison.Ordinal), "an export shows what is sealed");
        var before = await room.Database.Dump();
        foreach (var sealedWord in new[] { "\"month\"", "birthday\"", "\"dueAt\"" })
            before.ShouldNotContain(sealedWord);
        before.ShouldContain("care_came_due");

        await room.Tell(
            "customers",
            new Contracts.CustomerForgotten(customer, room.Now()),
            new Contracts.CustomerForgotten(customer, room.Now())
        );
        foreach (
            var late in new object[]
            {
                new Contracts.BirthdayNoted(customer, "solar", 5, 4, room.Now()),
                new Contracts.ConsentChanged(customer, "marketing", "email", true, "1", room.Now()),
                new Contracts.CustomerRegistered(customer, "individual", null, room.Now()),
            }
        )
            await room.Tell("customers", late);
        (await room.Rows("care_next", customer), await room.Rows("care_next", stays)).ShouldBe((0, 1));
        (await room.History(customer))
            .Select(e => (e.GetProperty("outcome").GetString(), e.GetProperty("occasion").ValueKind))
            .ShouldAllBe(e => e.Item2 == JsonValueKind.Null);
        (await room.History(customer))[0].GetProperty("reason").GetString().ShouldBe("forgotten");
        (await room.Get($"customers/{customer}/personal")).ToString().ShouldNotContain("\"month\"");
        (await room.Store.FetchStream(CustomerCare.IdOf(customer)))
            .Select(LoyaltyFeed.Translate)
            .ShouldAllBe(f => f == null, "also what the feed had not told yet");

        await room.Daemon.Rebuild("care-next");
        (await room.Rows("care_next", customer), await room.Rows("care_next", stays)).ShouldBe((0, 1));
        room.Clock.Advance(TimeSpan.FromDays(366));
        await room.RunDue<DecideCare>();
        (await room.History(customer))[0].GetProperty("reason").GetString().ShouldBe("forgotten");
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
            await room.Celebrant(birthdayIn: i);
        await room.RunDue<DecideCare>();
        var before = await room.Contents();
        await room.Daemon.Rebuild("care-next");
        (await room.Contents()).ShouldBe(before);
    }

    [Fact]
    public async Task a_festival_falls_on_everybody_at_once_and_is_decided_in_a_few_transactions()
    {
        var customers = Enumerable.Range(0, 1200).Select(_ => Guid.CreateVersion7()).ToArray();
        await room.Tell(
            "customers",
            [
                .. customers.SelectMany(c =>
                    new object[]
                    {
                        new Contracts.CustomerRegistered(c, "individual", null, room.Now().AddDays(-1)),
                        new Contracts.ConsentChanged(c, "marketing", "email", true, "1", room.Now()),
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
        room.Clock.Advance(festival - room.Now() + TimeSpan.FromMinutes(5));
        var watch = Stopwatch.StartNew();
        await room.RunDue<DecideCare>();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        (await room.RunDue<DecideCare>()).ShouldBe(0);
        await using var command = room.Db.CreateCommand(
            """
            select count(*), count(distinct stream_id) from mt_events
            where type = 'care_came_due' and data->>'publishedAs' = 'spring-festival'
                and stream_id = any($1)
            """
        );
        command.Parameters.Add(new() { Value = customers.Select(CustomerCare.IdOf).ToArray() });
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        (row.GetInt64(0), row.GetInt64(1)).ShouldBe((1200, 1200));
    }
}
