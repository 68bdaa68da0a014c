using CrmPlatform.Loyalty.Households;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Households.GivenHousehold;

namespace CrmPlatform.Loyalty.Tests.Households;

public class HouseholdTests
{
    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;

    static readonly LoyaltyAccount forgotten = Open.Evolve(new HolderForgotten(Day(0)));

    [Fact]
    public void a_member_founds_one_and_is_its_head()
    {
        IHouseholdEvent[] Found(Belonging belonging, LoyaltyAccount account) =>
            new FoundHousehold(Ann).Decide(Household.Initial, belonging, account, Day(0));
        Found(Belonging.Initial, Open).ShouldBe([new HouseholdFounded(Ann, Day(0))]);
        Refused(() => Found(Since(0), Open)).ShouldBe("in-a-household");
        Refused(() => Found(Belonging.Initial, forgotten)).ShouldBe("customer-forgotten");
        Should.Throw<NotFoundException>(() => Found(Belonging.Initial, LoyaltyAccount.Initial));
    }

    [Fact]
    public void who_is_invited_enters_when_they_accept()
    {
        IHouseholdEvent[] Invite(Household household, Belonging? belonging = null, LoyaltyAccount? account = null) =>
            new InviteMember(Bob).Decide(
                household,
                GivenHousehold.Id,
                belonging ?? Belonging.Initial,
                account ?? Open,
                new() { MostMembers = 3 },
                Day(1)
            );
        IHouseholdEvent[] Accept(Household household, Belonging? belonging = null, LoyaltyAccount? account = null) =>
            new AcceptInvitation(Bob).Decide(
                household,
                GivenHousehold.Id,
                belonging ?? Belonging.Initial,
                account ?? Open,
                new() { MostMembers = 3 },
                Day(2)
            );
        var invited = Of(Ann).After(Invite(Of(Ann)));
        Invite(invited).ShouldBeEmpty();
        Accept(invited).ShouldBe([new HouseholdMemberEntered(Bob, Day(2))]);
        Accept(invited.After(Accept(invited))).ShouldBeEmpty();
        invited.After(Accept(invited)).Invited.ShouldBeEmpty();

        Refused(() => Accept(Of(Ann))).ShouldBe("not-invited");
        Refused(() => Accept(invited, Since(0))).ShouldBe("in-a-household");
        Refused(() => Accept(invited, account: forgotten)).ShouldBe("customer-forgotten");
        Refused(() => Invite(Of(Ann), Since(0))).ShouldBe("in-a-household");
        Refused(() => Invite(Of(Ann), account: forgotten)).ShouldBe("customer-forgotten");
        Refused(() => Invite(Of(Ann, Id(5), Id(6)))).ShouldBe("household-full");
        Refused(() => Invite(Of(Ann, Id(5)).Evolve(new HouseholdMemberInvited(Id(6), Day(0))))).ShouldBe("household-full");
        Refused(() => Accept(Of(Ann, Id(5), Id(6)).Evolve(new HouseholdMemberInvited(Bob, Day(0))))).ShouldBe("household-full");
        Should.Throw<NotFoundException>(() => Invite(Household.Initial));
        Should.Throw<NotFoundException>(() => Invite(Of(Ann), account: LoyaltyAccount.Initial));
    }

    [Fact]
    public void when_the_head_leaves_whoever_is_there_longest_follows_and_at_last_nobody()
    {
        var household = Of(Ann, Bob, Cem);
        IHouseholdEvent[] Leave(Guid who)
        {
            var facts = new LeaveHousehold(who).Decide(household, Day(9));
            household = household.After(facts);
            return facts;
        }
        Leave(Ann).ShouldBe([new HouseholdMemberLeft(Ann, "left", Day(9)), new HouseholdHeadChanged(Ann, Bob, Day(9))]);
        Leave(Ann).ShouldBeEmpty();
        Leave(Cem).ShouldBe([new HouseholdMemberLeft(Cem, "left", Day(9))]);
        Leave(Bob).ShouldBe([new HouseholdMemberLeft(Bob, "left", Day(9)), new HouseholdDissolved(Day(9))]);
        Refused(() => new InviteMember(Ann).Decide(household, GivenHousehold.Id, Belonging.Initial, Open, new(), Day(10)))
            .ShouldBe("household-dissolved");
        household = Of(Ann).Evolve(new HouseholdMemberInvited(Bob, Day(0)));
        Leave(Bob).ShouldBe([new HouseholdInvitationDropped(Bob, Day(9))]);
    }

    [Fact]
    public void a_household_is_never_too_large_and_has_a_head_as_long_as_anybody_is_in_it() =>
        Prop.ForAll(
                (from kind in Gen.Choose(0, 5) from who in Gen.Choose(1, 7) select (kind, who))
                    .ArrayOf()
                    .ToArbitrary(),
                steps =>
                {
                    var (household, rules) = (Of(Id(1)), new HouseholdRules { MostMembers = 4 });
                    foreach (var (kind, who) in steps)
                        try
                        {
                            household = household.After(
                                kind switch
                                {
                                    <= 1 => new InviteMember(Id(who)).Decide(
                                        household,
                                        GivenHousehold.Id,
                                        Belonging.Initial,
                                        Open,
                                        rules,
                                        Day(1)
                                    ),
                                    <= 3 => new AcceptInvitation(Id(who)).Decide(
                                        household,
                                        GivenHousehold.Id,
                                        Belonging.Initial,
                                        Open,
                                        rules,
                                        Day(1)
                                    ),
                                    _ => new LeaveHousehold(Id(who)).Decide(household, Day(1)),
                                }
                            );
                            if (
                                household.Members.Count + household.Invited.Count > 4
                                || household.Members.Distinct().Count() != household.Members.Count
                                || household.Members.Any(household.Invited.Contains)
                            )
                                return false;
                            if (household.IsDissolved ? !household.Members.IsEmpty : !household.Members.Contains(household.HeadId!.Value))
                                return false;
                        }
                        catch (RuleViolationException)
                        {
                            continue;
                        } // what may not be is refused, and changes nothing
                    return true;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
