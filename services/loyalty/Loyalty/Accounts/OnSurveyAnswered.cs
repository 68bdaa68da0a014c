using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A member answered a survey: rules may reward the action <c>survey</c>.</summary>
public sealed class OnSurveyAnswered(LoyaltyRules rules) : IReaction<Contracts.SurveyAnswered>
{
    public IEnumerable<Write> React(Contracts.SurveyAnswered fact, FactContext about)
    {
        // Each ticket is rewarded once, and so is each invitation that is about none.
        var subject = fact.TicketId == Guid.Empty ? fact.InvitationId ?? Guid.Empty : fact.TicketId;
        var occasion = new Occasion(
            Occasion.Survey,
            NameId.For("action", fact.CustomerId.ToString(), "survey", subject.ToString()),
            fact.OccurredAt
        );
        return [Write.To(LoyaltyAccount.Of(fact.CustomerId), account => RewardAction.Decide(account, rules, occasion))];
    }
}
