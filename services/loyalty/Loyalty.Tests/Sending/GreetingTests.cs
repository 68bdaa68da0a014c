using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Tests.Care;
using MimeKit;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>Greetings leave as messages. A room of its own: its clock is moved.</summary>
public sealed class GreetingTests(SendingRoom room) : IClassFixture<SendingRoom>
{
    [Fact]
    public async Task a_greeting_is_planned_once_and_arrives_in_the_words_of_its_template()
    {
        var customer = await room.Celebrant(birthdayIn: 1, language: "en-GB");
        room.Customers.Book[customer] = new(Language: "en-GB") { Name = "Li" };
        room.Clock.Advance(TimeSpan.FromDays(1));
        await Task.WhenAll(room.RunDue<DecideCare>(), room.RunDue<DecideCare>());
        await room.CatchUp();
        await room.Send();

        var due = (await room.Store.FetchStream(CustomerCare.IdOf(customer))).Select(e => e.Data).OfType<CareCameDue>().Single();
        var message = Message.IdOf("care", due.CareId.ToString());
        (await room.StateOf(message)).ShouldBe(("accepted", null));
        var mail = await MimeMessage.LoadAsync(room.Sent(message).ShouldHaveSingleItem());
        mail.Subject.ShouldBe("Happy birthday, Li");
        mail.TextBody.ShouldNotBeNull().ShouldContain("We have added 50 points to your account.");

        // Told again, it is the same message.
        await room.Store.Execute([
            Message.Planned(
                message,
                new(customer, "marketing", "email", "a1", null, new Dictionary<string, string>(), room.Now(), room.Now().AddDays(1))
            ),
        ]);
        await room.Send();
        room.Sent(message).ShouldHaveSingleItem();
        var items = (await room.Get($"messages?customerId={customer}")).GetProperty("items").EnumerateArray();
        items.ShouldHaveSingleItem().GetProperty("template").GetString().ShouldBe("a1-en");
    }

    [Fact]
    public async Task no_table_of_the_room_holds_what_was_sent()
    {
        var customer = room.Person(new(Address: "wanqi.searchable@example.com") { Name = "万俟无痕" });
        await room.Planned(customer);
        await room.Send();
        foreach (var table in new[] { "mt_events", "messages", "mt_streams" })
        {
            await using var command = room.Db.CreateCommand(
                $"select count(*) from {table} t where t::text like '%searchable%' or t::text like '%万俟%'"
            );
            ((long)(await command.ExecuteScalarAsync())!).ShouldBe(0, table);
        }
    }
}
