using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A member answered a survey: rules may reward the action <c>survey</c>.</summary>
public sealed class OnSurveyAnswered(LoyaltyRules rules) : IReaction<Contracts.SurveyAnswered>
{
    public IEnumerable<Write> React(Contracts.SurveyAnswered fact, FactContext about)
    {
        var occasion = new Occasion(
            Occasion.Survey,
            NameId.For("action", fact.CustomerId.ToString(), "survey", fact.TicketId.ToString()),
            fact.OccurredAt
        );
        return [Write.To(LoyaltyAccount.Of(fact.CustomerId), account => RewardAction.Decide(account, rules, occasion))];
    }
}
