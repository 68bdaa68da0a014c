using MimeKit;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>What leaves the room, when, and what does not. A room of its own: its clock is moved.</summary>
public sealed class SenderTests(SendingRoom room) : IClassFixture<SendingRoom>, IDisposable
{
    public void Dispose()
    {
        (room.Before, room.After, room.Customers.Answers, room.Customers.Afterwards) = (null, null, null, null);
        room.Clock.Stop(SendingRoom.Ten);
    }

    [Fact]
    public async Task a_due_message_leaves_once_with_its_text_and_a_lasting_message_id()
    {
        var message = await room.Planned(room.Person(new(Language: "zh-CN")));
        await room.Send();
        await room.Send();
        var file = room.Sent(message).ShouldHaveSingleItem();
        var mail = await MimeMessage.LoadAsync(file);
        mail.MessageId.ShouldBe($"{message}@tea.example");
        mail.Subject.ShouldBe("李测试，生日快乐！");
        mail.TextBody.ShouldNotBeNull().ShouldContain("祝您生日快乐，万事如意。");
        mail.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-generated");
        mail.From.ToString().ShouldContain("Tea House");
        (await room.StateOf(message)).ShouldBe(("accepted", null));
    }

    [Fact]
    public async Task two_senders_at_once_send_each_message_once()
    {
        var messages = new List<Guid>();
        for (var i = 0; i < 20; i++)
            messages.Add(await room.Planned(room.Person()));
        await Task.WhenAll(room.Send(), room.Send(), room.Send());
        foreach (var message in messages)
            room.Sent(message).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task consent_withdrawn_between_planning_and_sending_is_honoured()
    {
        var customer = room.Person();
        var message = await room.Planned(customer);
        room.Customers.Book[customer] = new(Consents: false);
        await room.Send();
        room.Sent(message).ShouldBeEmpty();
        (await room.StateOf(message)).ShouldBe(("notSent", "no-consent"));
    }

    [Fact]
    public async Task who_is_not_known_or_forgotten_gets_nothing_and_the_list_says_why()
    {
        var (unknown, forgotten) = (Guid.CreateVersion7(), room.Person(new(Forgotten: true)));
        var messages = (await room.Planned(unknown), await room.Planned(forgotten));
        await room.Send();
        (await room.StateOf(messages.Item1)).ShouldBe(("notSent", "unknown-customer"));
        (await room.StateOf(messages.Item2)).ShouldBe(("notSent", "forgotten"));
    }

    [Fact]
    public async Task the_erasure_of_a_customer_cancels_what_is_planned()
    {
        var customer = room.Person();
        var (later, other) = (
            await room.Planned(customer, notBefore: SendingRoom.Ten.AddDays(20)),
            await room.Planned(room.Person(), notBefore: SendingRoom.Ten.AddDays(20))
        );
        await room.Hear("customers", new Contracts.CustomerForgotten(customer, room.Clock.GetUtcNow()));
        await room.RunDue<PassMessageTime>();
        (await room.StateOf(later)).ShouldBe(("cancelled", "forgotten"));
        (await room.StateOf(other)).ShouldBe(("planned", null));
    }

    [Fact]
    public async Task while_customers_is_away_messages_wait_and_health_says_so()
    {
        var message = await room.Planned(room.Person());
        room.Customers.Answers = 503;
        await room.Send();
        (await room.StateOf(message)).ShouldBe(("planned", null));
        (await room.Anonymous().GetStringAsync("/health/ready")).ShouldContain("messages wait");
        room.Customers.Answers = null;
        await room.Send();
        (await room.StateOf(message)).ShouldBe(("accepted", null));
        (await room.Anonymous().GetStringAsync("/health/ready")).ShouldNotContain("messages wait");
    }

    [Fact]
    public async Task outside_of_its_hours_a_message_waits_and_is_not_dropped()
    {
        var evening = new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
        room.Clock.Stop(evening);
        var (kept, late) = (await room.Planned(room.Person()), await room.Planned(room.Person(), worth: TimeSpan.FromHours(2)));
        await room.Send();
        room.Sent(kept).ShouldBeEmpty();
        room.Clock.Stop(evening.AddHours(13).AddSeconds(-1));
        await room.Send();
        await room.RunDue<PassMessageTime>();
        (await room.StateOf(kept)).ShouldBe(("planned", null));
        (await room.StateOf(late)).ShouldBe(("notSent", "too-late"));
        room.Clock.Stop(evening.AddHours(13));
        await room.Send();
        (await room.StateOf(kept)).ShouldBe(("accepted", null));
        room.Sent(late).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_is_deferred_asks_for_consent_anew()
    {
        var (customer, faithful) = (room.Person(), room.Person());
        var (message, other) = (await room.Planned(customer), await room.Planned(faithful));
        room.Before = _ => Task.FromResult<SendOutcome?>(SendOutcome.Deferred("smtp-451"));
        await room.Send();
        (await room.StateOf(message)).ShouldBe(("deferred", "smtp-451"));
        room.Before = null;
        room.Customers.Book[customer] = new(Consents: false);
        await room.Send();
        room.Sent(other).ShouldBeEmpty();
        room.Clock.Advance(TimeSpan.FromMinutes(5));
        await room.Send();
        (await room.StateOf(message)).ShouldBe(("notSent", "no-consent"));
        room.Sent(message).ShouldBeEmpty();
        room.Sent(other).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("marketing", 1), InlineData("transactional", 2)]
    public async Task killed_after_the_hand_over_it_is_in_doubt_and_only_transactional_is_repeated(string purpose, int copies)
    {
        var message = await room.Planned(room.Person(), purpose);
        room.After = _ => throw new InvalidOperationException("killed");
        await room.Send();
        (await room.StateOf(message)).ShouldBe(("handedOver", null));
        room.After = null;
        await room.Send();
        room.Sent(message).ShouldHaveSingleItem();
        room.Clock.Advance(Message.Lease);
        await room.RunDue<PassMessageTime>();
        (await room.StateOf(message)).State.ShouldBe("inDoubt");
        await room.Send();
        await room.Send();
        room.Sent(message).Length.ShouldBe(copies);
        (await room.StateOf(message)).State.ShouldBe(copies == 1 ? "inDoubt" : "accepted");
        var ids = new List<string?>();
        foreach (var file in room.Sent(message))
            ids.Add((await MimeMessage.LoadAsync(file)).MessageId);
        ids.Distinct().ShouldHaveSingleItem();
        var listed = (await room.Get("messages?state=inDoubt&limit=200")).GetProperty("items").EnumerateArray();
        listed.Any(i => i.GetProperty("messageId").GetGuid() == message).ShouldBe(copies == 1);
    }

    [Fact]
    public async Task a_channel_without_a_way_and_a_code_without_template_are_said()
    {
        var (customer, asked) = (room.Person(), room.Customers.Questions);
        var (wayless, unwritten) = (await room.Planned(customer, channel: "sms"), await room.Planned(customer, template: "nobody-wrote"));
        await room.Send();
        (await room.StateOf(wayless)).ShouldBe(("notSent", "no-way"));
        (await room.StateOf(unwritten)).ShouldBe(("notSent", "no-template"));
        room.Customers.Questions.ShouldBe(asked);
        (await room.Anonymous().GetStringAsync("/health/ready")).ShouldContain("messages by sms are not sent");
    }

    [Fact]
    public async Task one_token_serves_many_questions_and_a_refused_one_is_fetched_anew()
    {
        await room.Planned(room.Person());
        await room.Send();
        var tokens = room.Customers.Tokens;
        await room.Planned(room.Person());
        await room.Send();
        room.Customers.Tokens.ShouldBe(tokens);
        room.Customers.Answers = 401;
        var message = await room.Planned(room.Person());
        await room.Send();
        room.Customers.Answers = null;
        await room.Send();
        room.Customers.Tokens.ShouldBe(tokens + 1);
        (await room.StateOf(message)).ShouldBe(("accepted", null));
    }
}
