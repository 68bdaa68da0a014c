using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>
/// Any order of consent given and withdrawn, erasure, planning, sending, crashes before and after the sink has it, and time. A room of its
/// own: its clock is moved.
/// </summary>
public sealed class SendingPropertyTests(SendingRoom room) : IClassFixture<SendingRoom>
{
    public enum Kind
    {
        Consent,
        Withdraw,
        Forget,
        WithdrawOnceAsked,
        Plan,
        PlanTransactional,
        Send,
        SendAndDieBefore,
        SendAndDieAfter,
        SendAndDefer,
        Wait,
    }

    public sealed record Step(Kind Kind, int Who);

    static readonly Arbitrary<Step[]> histories = (
        from kind in Gen.Frequency(
            (1, Gen.Elements(Enum.GetValues<Kind>())),
            (2, Gen.Elements(Kind.Plan, Kind.PlanTransactional, Kind.SendAndDieAfter, Kind.Wait, Kind.Send))
        )
        from who in Gen.Choose(0, 2)
        select new Step(kind, who)
    )
        .ArrayOf(30)
        .ToArbitrary();

    [Fact]
    public void nothing_leaves_without_consent_and_nothing_twice_but_transactional_once() =>
        Prop.ForAll(histories, steps => Run(steps).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    async Task Run(Step[] steps)
    {
        room.Clock.Stop(SendingRoom.Ten);
        var people = Enumerable.Range(0, 3).Select(n => room.Person(new(Consents: n < 2))).ToArray();
        var messages = new List<(Guid Id, Guid Customer, bool Transactional)>();
        var cleared = new ConcurrentDictionary<Guid, bool>();
        foreach (var step in steps)
        {
            var who = people[step.Who];
            // What each customer's word was when it was read for a clearance of this step.
            room.Customers.Afterwards = id =>
            {
                var now = room.Customers.Book[id] is { Consents: true, Forgotten: false };
                cleared.AddOrUpdate(id, now, (_, before) => before || now);
                if (step.Kind == Kind.WithdrawOnceAsked && id == who)
                    room.Customers.Book[id] = room.Customers.Book[id] with { Consents = false };
            };
            room.Before = step.Kind switch
            {
                Kind.SendAndDieBefore => _ => throw new InvalidOperationException("killed"),
                Kind.SendAndDefer => _ => Task.FromResult<SendOutcome?>(SendOutcome.Deferred("smtp-451")),
                _ => null,
            };
            room.After = step.Kind == Kind.SendAndDieAfter ? _ => throw new InvalidOperationException("killed") : null;
            var before = messages.ToDictionary(m => m.Id, m => room.Sent(m.Id).Length);
            switch (step.Kind)
            {
                case Kind.Consent or Kind.Withdraw:
                    room.Customers.Book[who] = room.Customers.Book[who] with { Consents = step.Kind == Kind.Consent };
                    break;
                case Kind.Forget:
                    room.Customers.Book[who] = room.Customers.Book[who] with { Forgotten = true };
                    await room.Hear("customers", new Contracts.CustomerForgotten(who, room.Clock.GetUtcNow()));
                    break;
                case Kind.Plan or Kind.PlanTransactional:
                    var transactional = step.Kind == Kind.PlanTransactional;
                    messages.Add((await room.Planned(who, transactional ? "transactional" : "marketing"), who, transactional));
                    break;
                case Kind.Wait:
                    room.Clock.Advance(TimeSpan.FromMinutes(7));
                    await room.RunDue<PassMessageTime>();
                    break;
                default:
                    cleared.Clear();
                    await room.Send();
                    break;
            }
            foreach (var (id, customer, _) in messages.Where(m => room.Sent(m.Id).Length > before.GetValueOrDefault(m.Id)))
                cleared.GetValueOrDefault(customer).ShouldBeTrue($"{id} left without consent at its clearance");
        }
        room.Clock.Advance(TimeSpan.FromMinutes(3));
        await room.RunDue<PassMessageTime>();
        foreach (var (id, _, transactional) in messages)
            Judge((await room.Store.Read(Message.Of(id))).State, room.Sent(id).Length, transactional);
    }

    static void Judge(Message message, int copies, bool transactional)
    {
        copies.ShouldBeLessThanOrEqualTo(transactional ? 2 : 1);
        message.State.ShouldNotBe(MessageState.HandedOver, "nothing is undecided after the lease");
        if (message.State == MessageState.Accepted)
            copies.ShouldBeGreaterThan(0, "what was accepted is in the sink");
        if (copies > 0 && message.State != MessageState.Accepted)
            message.Doubts.ShouldBeGreaterThan(0, "what is in the sink was accepted, or was in doubt");
        if (copies > 1)
            message.Doubts.ShouldBeGreaterThan(0, "only what was in doubt is repeated");
    }
}
