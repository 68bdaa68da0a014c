namespace CrmPlatform.Loyalty.Care;

/// <summary>The language in which the customer is greeted; nothing else of the profile is kept.</summary>
public sealed class OnProfileChanged : IReaction<Contracts.ProfileChanged>
{
    public IEnumerable<Write> React(Contracts.ProfileChanged fact, FactContext about) =>
        [
            Write.To(
                CustomerCare.Of(fact.CustomerId),
                care =>
                    care.Ended || care.Language == fact.Language
                        ? []
                        : new ICareEvent[] { new LanguageNoted(fact.Language, fact.OccurredAt.ToUniversalTime()) }
            ),
        ];
}
