using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>The states of a message: given what happened, what is asked, what happens then.</summary>
public class MessageTests
{
    static readonly DateTimeOffset nine = new(2026, 3, 7, 1, 0, 0, TimeSpan.Zero);

    static readonly MessagePlanned plan = new(
        CustomerId: Given.Id(1),
        Purpose: "marketing",
        Channel: "email",
        Template: "a1",
        Language: null,
        Values: new Dictionary<string, string> { ["points"] = "50" },
        NotBefore: nine,
        Until: nine.AddDays(2)
    );

    static Message After(params IMessageEvent[] events) => events.Aggregate(Message.Initial, (m, e) => m.Evolve(e));

    static readonly HandedOver first = new(1, "2026-01", nine);

    [Fact]
    public void a_message_that_is_planned_twice_is_one()
    {
        Then(Message.Initial.Decide(plan), plan);
        Then(After(plan).Decide(plan));
        Message.IdOf("care", "x").ShouldBe(Message.IdOf("care", "x"));
        Message.IdOf("care", "x").ShouldNotBe(Message.IdOf("care", "y"));
    }

    [Theory]
    [InlineData("Li Wei"), InlineData("li@example.com"), InlineData("李"), InlineData("1\n2")]
    public void a_value_is_a_code_or_an_id_and_no_text(string value) =>
        Should.Throw<ArgumentException>(() =>
            Message.Initial.Decide(plan with { Values = new Dictionary<string, string> { ["v"] = value } })
        );

    [Fact]
    public void it_is_handed_over_once_from_its_time_until_it_is_too_late()
    {
        Then(After(plan).HandOver("2026-01", nine.AddTicks(-1), repeats: true));
        Then(After(plan).HandOver("2026-01", nine, repeats: false), first);
        Then(After(plan).HandOver("2026-01", plan.Until, repeats: true));
        Then(After(plan, first).HandOver("2026-01", nine.AddHours(1), repeats: true));
        Then(Message.Initial.HandOver("2026-01", nine, repeats: true));
    }

    [Fact]
    public void what_was_deferred_is_tried_after_longer_and_longer_pauses()
    {
        var (message, now, pauses) = (After(plan with { Until = nine.AddDays(30) }), nine, new List<TimeSpan>());
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            message = message.Evolve(message.HandOver("1", now, repeats: false).ShouldHaveSingleItem());
            message = message.Evolve(message.Settle(attempt, SendOutcome.Deferred("smtp-451"), now).ShouldHaveSingleItem());
            Then(message.HandOver("1", message.NextAt.AddTicks(-1), repeats: true));
            pauses.Add(message.NextAt - now);
            now = message.NextAt;
        }
        pauses.Select(p => p.TotalMinutes).ShouldBe([5, 30, 120, 360, 1440, 1440]);
    }

    [Fact]
    public void an_attempt_without_an_outcome_is_in_doubt_when_its_lease_ends()
    {
        var lease = nine + Message.Lease;
        Then(After(plan, first).PassTime(lease.AddTicks(-1), forgotten: true));
        Then(After(plan, first).PassTime(lease.AddHours(3), forgotten: false), new MessageInDoubt(1, lease));
        var doubtful = After(plan, first, new MessageInDoubt(1, lease));
        Then(doubtful.HandOver("1", lease, repeats: false));
        Then(doubtful.PassTime(plan.Until, forgotten: true));
        // The answer came after all.
        Then(doubtful.Settle(1, SendOutcome.Accepted, lease), new MessageAccepted(1, lease));
        Then(doubtful.Settle(1, SendOutcome.InDoubt, lease));
    }

    [Fact]
    public void only_what_may_be_repeated_is_and_once()
    {
        var lease = nine + Message.Lease;
        var again = After(plan, first, new MessageInDoubt(1, lease));
        Then(again.HandOver("2", lease, repeats: true), new HandedOver(2, "2", lease));
        Then(again.NotSend("no-consent", lease), new MessageInDoubt(1, lease));
        var twice = After(plan, first, new MessageInDoubt(1, lease), new HandedOver(2, "2", lease), new MessageInDoubt(2, lease));
        Then(twice.HandOver("2", lease.AddHours(1), repeats: true));
        Then(twice.NotSend("no-consent", lease));
        // An answer to the attempt before is not one to this.
        Then(After(plan, first, new MessageInDoubt(1, lease), new HandedOver(2, "2", lease)).Settle(1, SendOutcome.Accepted, lease));
    }

    [Fact]
    public void what_waits_is_too_late_or_cancelled_and_what_is_over_stays_so()
    {
        Then(After(plan).PassTime(plan.Until.AddHours(5), false), new MessageNotSent("too-late", plan.Until));
        Then(After(plan).PassTime(nine.AddDays(-1), true), new MessageCancelled("forgotten", nine.AddDays(-1)));
        Then(After(plan).PassTime(nine.AddDays(1), false));
        IMessageEvent[] ends =
        [
            new MessageAccepted(1, nine),
            new MessageRefused(1, "smtp-550", nine),
            new MessageNotSent("no-consent", nine),
            new MessageCancelled("forgotten", nine),
        ];
        foreach (var over in ends.Select(e => After(plan, first, e)))
        {
            Then(over.HandOver("1", nine, repeats: true));
            Then(over.Settle(1, SendOutcome.Refused("smtp-550"), nine));
            Then(over.PassTime(plan.Until, forgotten: true));
            Then(over.Cancel("x", nine));
            Then(over.NotSend("no-consent", nine));
        }
    }

    static void Then(IMessageEvent[] happened, params IMessageEvent[] expected) => happened.Select(Text).ShouldBe(expected.Select(Text));

    static string Text(IMessageEvent e) => $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType())}";
}
