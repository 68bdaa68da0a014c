using System.Collections.Immutable;
using CrmPlatform.ServiceDesk.Surveys;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Nobody is asked too often, whatever the triggers and whenever they are told.</summary>
public sealed class FatigueTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly DateTimeOffset start = DeskFixture.June(1, "10:00");

    static Ask Ask(int day, bool relational = false, int? answered = null) =>
        new(Guid.CreateVersion7(), relational, start.AddDays(day), answered is { } after ? start.AddDays(after) : null);

    static string? Reason(int day, bool relational, params Ask[] asks) => Fatigue.Reason(asks, relational, start.AddDays(day));

    [Fact]
    public void the_first_reason_that_holds_is_the_one()
    {
        Reason(0, true).ShouldBeNull();
        Reason(13, true, Ask(0, relational: true)).ShouldBe(Suppression.Relational);
        Reason(89, true, Ask(0, relational: true)).ShouldBe(Suppression.Relational);
        Reason(90, true, Ask(0, relational: true)).ShouldBeNull();
        Reason(13, false, Ask(0, relational: true)).ShouldBe(Suppression.Any);
        Reason(14, false, Ask(0)).ShouldBeNull("exactly a fortnight later");
        Reason(0, false, Ask(13)).ShouldBe(Suppression.Any, "what is told of the past counts with what came after");
        Reason(60, false, Ask(0), Ask(15), Ask(30)).ShouldBe(Suppression.Unanswered);
        Reason(60, false, Ask(0), Ask(15, answered: 16), Ask(30)).ShouldBeNull();
        Reason(60, false, Ask(0, answered: 1), Ask(15), Ask(30)).ShouldBeNull();
        Reason(60, false, Ask(0, answered: 1), Ask(14), Ask(28), Ask(42)).ShouldBe(Suppression.Unanswered);
        Reason(365, false, Ask(0), Ask(15), Ask(30)).ShouldBeNull("one of the three is forgotten");
    }

    /// <summary>Random triggers on random days: the facts themselves tell whether anybody was asked too often.</summary>
    [Fact]
    public void never_two_relational_in_90_days_nor_any_two_in_14() =>
        Prop.ForAll(
                (
                    from day in Gen.Choose(0, 400)
                    from relational in Gen.Elements(true, false)
                    from answers in Gen.Choose(0, 3)
                    from complaint in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
                    select (day, relational, answers: answers == 0, complaint)
                )
                    .ListOf()
                    .ToArbitrary(),
                triggers =>
                {
                    var person = AskedCustomer.Initial;
                    var made = new List<InvitationMade>();
                    foreach (var ((day, relational, answers, complaint), i) in triggers.Select((t, i) => (t, i)))
                    {
                        var invite = new Invite(
                            SurveyId: Guid.CreateVersion7(),
                            CustomerId: NameId.For("anna"),
                            Members: [],
                            UrgentComplaint: complaint,
                            TicketId: null,
                            Wave: $"w{i}",
                            Language: null,
                            Share: 1,
                            At: start.AddDays(day),
                            Told: true
                        );
                        var survey = Survey.Initial.Evolve(
                            new SurveyPublished("s", 1, Content(relational ? SurveyContent.Relational : SurveyContent.Transactional), start)
                        );
                        var fact = invite
                            .Decide(Invitation.Initial, survey, CustomerStanding.Initial, person.Asks, DeskFixture.Shipped)
                            .Single();
                        if (fact is not InvitationMade asked)
                        {
                            if (fact is not InvitationSuppressed { Reason.Length: > 0 })
                                return false;
                            continue;
                        }
                        made.Add(asked);
                        person = person.Evolve(new CustomerAsked(invite.Id, relational, asked.OccurredAt));
                        if (answers)
                            person = person.Evolve(new CustomerAnswered(invite.Id, asked.OccurredAt.AddDays(1)));
                    }
                    var days = made.OrderBy(m => m.OccurredAt).ToList();
                    return Apart(days, 14) && Apart([.. days.Where(m => m.Kind == SurveyContent.Relational)], 90);
                }
            )
            .QuickCheckThrowOnFailure();

    static bool Apart(IReadOnlyList<InvitationMade> made, int days) =>
        made.Zip(made.Skip(1)).All(pair => (pair.Second.OccurredAt - pair.First.OccurredAt).TotalDays >= days);

    [Fact]
    public async Task two_waves_at_once_ask_each_customer_once()
    {
        var (one, other) = (await fixture.Publish(), await fixture.Publish());
        var customers = Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).ToArray();
        var waves = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => fixture.Wave(i % 2 == 0 ? one : other, $"wave-{i}", customers)));
        waves.Sum(w => w.Invited).ShouldBe(40);
        waves.Sum(w => w.Suppressed.GetValueOrDefault(Suppression.Any)).ShouldBe(5 * 40);
    }

    [Fact]
    public async Task who_is_one_person_is_asked_once_also_by_two_waves_at_once()
    {
        var code = await fixture.Publish();
        var (anna, twin) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", [.. GroupsTold.Merged(anna, twin)]);
        var both = await fixture.Wave(code, "both", [anna, twin], dryRun: true);
        both.Customers.Select(c => c.Outcome).ShouldBe(["invited", "suppressed"]);
        var waves = await Task.WhenAll(fixture.Wave(code, "one", [anna]), fixture.Wave(code, "other", [twin]));
        waves.Sum(w => w.Invited).ShouldBe(1);
        waves.Sum(w => w.Suppressed.GetValueOrDefault(Suppression.Any)).ShouldBe(1);
    }
}
