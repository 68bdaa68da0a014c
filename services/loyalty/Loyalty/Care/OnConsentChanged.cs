namespace CrmPlatform.Loyalty.Care;

/// <summary>Consent for the plan's purpose, channel by channel. Until it is given there is none (PIPL articles 13 and 15).</summary>
public sealed class OnConsentChanged(CarePlan plan) : IReaction<Contracts.ConsentChanged>
{
    public IEnumerable<Write> React(Contracts.ConsentChanged fact, FactContext about)
    {
        if (fact.Purpose == plan.ConsentPurpose)
            yield return Write.To(
                CustomerCare.Of(fact.CustomerId),
                care => Decide(care, new(fact.Channel, fact.Granted, fact.OccurredAt.ToUniversalTime()))
            );
    }

    public static ICareEvent[] Decide(CustomerCare care, ConsentNoted noted) =>
        care.Ended || (noted.Granted ? care.Consents : care.Refusals).Contains(noted.Channel) ? [] : [noted];
}
