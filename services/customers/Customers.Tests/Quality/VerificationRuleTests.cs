using CrmPlatform.Customers.Profiles;
using CrmPlatform.EventSourcing;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>A verification belongs to a value for as long as the profile has it.</summary>
public sealed class VerificationRuleTests
{
    sealed record Step(bool Revises, bool[] Has, int Contact, int Day);

    static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly Guid customer = Guid.CreateVersion7();
    static readonly string[] values = ["one@shop.cn", "two@shop.cn", "three@shop.cn"];

    static readonly Arbitrary<Step[]> histories = (
        from revises in Gen.Elements(true, false)
        from has in Gen.Elements(true, true, false).ArrayOf(values.Length)
        from contact in Gen.Choose(0, values.Length - 1)
        from day in Gen.Choose(0, 100)
        select new Step(revises, has, contact, day)
    )
        .ArrayOf()
        .ToArbitrary();

    [Fact]
    public void a_contact_is_verified_by_the_latest_since_it_came() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var details = Having([false, false, false]);
                    var model = new Dictionary<string, DateTimeOffset?>();
                    foreach (var step in steps)
                        if (step.Revises)
                        {
                            details = Having(step.Has).Carried(details);
                            model = values.Where((_, i) => step.Has[i]).ToDictionary(v => v, v => model.GetValueOrDefault(v));
                        }
                        else
                        {
                            var (value, at) = (values[step.Contact], start.AddDays(step.Day));
                            details = details.Verified(
                                FieldVerified.Of(
                                    customer,
                                    "email",
                                    [.. details.Contacts.Select((c, i) => (c, i)).Where(c => c.c.Value == value).Select(c => c.i)],
                                    value,
                                    VerificationMethod.Email,
                                    at
                                )
                            );
                            if (model.TryGetValue(value, out var before))
                                model[value] = before > at ? before : at;
                        }
                    details.Contacts.ToDictionary(c => c.Value, c => c.VerifiedAt).ShouldBe(model, ignoreOrder: true);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void two_spellings_of_a_contact_are_one_with_the_later_verification()
    {
        var details = new Profile().Details(
            CustomerKind.Individual,
            [new("phone", "138 1234 1234", start), new("phone", "+86 13812341234", start.AddDays(1)), new("phone", "13812341234")],
            null,
            start.AddDays(9),
            "CN"
        );
        details.Contacts.ShouldBe([new Contact("phone", "+8613812341234", start.AddDays(1))]);
    }

    [Fact]
    public void a_clock_that_runs_ahead_a_little_is_cut_to_now_and_told_again_is_no_news()
    {
        var now = start;
        var command = new RegisterCustomer(
            CustomerKind.Individual,
            ExternalIds: [new("shop", "1")],
            Contacts: [new("email", "one@shop.cn", now.AddMinutes(4))]
        );
        var registered = command.Decide(Customer.Initial, customer, now, "CN").Aggregate(Customer.Initial, (c, e) => c.Evolve(e));
        registered.Details!.Contacts[0].VerifiedAt.ShouldBe(now);
        command.Decide(registered, customer, now.AddHours(1), "CN").ShouldBeEmpty();
        Should
            .Throw<RuleViolationException>(() => command.Decide(Customer.Initial, customer, now.AddMinutes(-2), "CN"))
            .Field.ShouldBe("contacts[0].verifiedAt");
    }

    static PersonalDetails Having(bool[] has) =>
        new Profile().Details(
            CustomerKind.Individual,
            [.. values.Where((_, i) => has[i]).Select(v => new Contact("email", v))],
            null,
            start,
            "CN"
        );
}
