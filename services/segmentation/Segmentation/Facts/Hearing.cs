using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Facts;

/// <summary>Notes a fact of another room, as rules may ask about it, in the customer's stream.</summary>
/// <param name="note">What is noted; the instant is in UTC.</param>
public abstract class Hearing<TFact>(Func<TFact, DateTimeOffset, ICustomerEvent> note) : IReaction<TFact>
    where TFact : Contracts.IAboutKnownCustomer
{
    public IEnumerable<Write> React(TFact fact, FactContext about)
    {
        var noted = note(fact, about.OccurredAt.ToUniversalTime());
        return [Write.To(CustomerValue.Of(fact.CustomerId), customer => customer.Forgotten ? [] : new[] { noted })];
    }
}

/// <summary>The same of a fact that may decide the stage, too.</summary>
/// <param name="cause">The cause of a change of stage.</param>
public abstract class HearingForStages<TFact>(Yardsticks yardsticks, string cause, Func<TFact, DateTimeOffset, ICustomerEvent> note)
    : IReaction<TFact>
    where TFact : Contracts.IAboutKnownCustomer
{
    public IEnumerable<Write> React(TFact fact, FactContext about)
    {
        var at = about.OccurredAt.ToUniversalTime();
        var (mark, policy) = (new NoteMark(note(fact, at), at, cause), yardsticks.Current.Lifecycle);
        return [Write.To(CustomerValue.Of(fact.CustomerId), customer => mark.Decide(customer, policy))];
    }
}

public sealed class OnProfileChanged()
    : Hearing<Contracts.ProfileChanged>(
        (f, at) =>
            new ProfileNoted(
                f.CustomerId,
                Personal.Of(
                    f.CustomerId,
                    new CoarseProfile(f.Kind, f.AgeBand, f.Gender, f.IncomeBand, f.HouseholdSize, f.Province, f.Language)
                ),
                at
            )
    );

public sealed class OnConsentChanged()
    : Hearing<Contracts.ConsentChanged>((f, at) => new ConsentNoted(f.Purpose, f.Channel, f.Granted, at));

public sealed class OnPageViewed() : Hearing<Contracts.PageViewed>((f, at) => new PageViewNoted(f.PageViewId, f.Category, at));

public sealed class OnInteractionRecorded(Yardsticks yardsticks)
    : HearingForStages<Contracts.InteractionRecorded>(
        yardsticks,
        LifecycleRules.Contact,
        (f, at) => new InteractionNoted(f.InteractionId, f.Direction, f.Topic, f.Answered, at)
    );

public sealed class OnTicketOpened() : Hearing<Contracts.TicketOpened>((f, at) => new TicketNoted(f.TicketId, f.Kind, f.Category, at));

public sealed class OnTicketResolved() : Hearing<Contracts.TicketResolved>((f, at) => new TicketSettled(f.TicketId, at));

public sealed class OnTicketClosed() : Hearing<Contracts.TicketClosed>((f, at) => new TicketSettled(f.TicketId, at));

public sealed class OnTicketReopened() : Hearing<Contracts.TicketReopened>((f, at) => new TicketOpenAgain(f.TicketId, at));

public sealed class OnSlaBreached() : Hearing<Contracts.SlaBreached>((f, at) => new BreachNoted(f.TicketId, f.Clock, at));

public sealed class OnBreachExcused()
    : Hearing<Contracts.BreachExcused>((f, at) => new BreachTakenBack(f.TicketId, f.Clock, f.BreachedAt.ToUniversalTime(), at));

public sealed class OnSurveyAnswered(Yardsticks yardsticks)
    : HearingForStages<Contracts.SurveyAnswered>(
        yardsticks,
        LifecycleRules.Survey,
        (f, at) => new SurveyNoted(f.TicketId, f.Metric, f.Score, at)
    );

public sealed class OnTierChanged(Yardsticks yardsticks)
    : HearingForStages<Contracts.TierChanged>(yardsticks, LifecycleRules.Tier, (f, at) => new TierNoted(f.To, at));

public sealed class OnPointsRedeemed() : Hearing<Contracts.PointsRedeemed>((f, at) => new RedemptionNoted(f.RedemptionId, f.Points, at));

public sealed class OnCouponUsed() : Hearing<Contracts.CouponUsed>((f, at) => new CouponUseNoted(f.OrderId, at));

public sealed class OnActivityAttended() : Hearing<Contracts.ActivityAttended>((f, at) => new AttendanceNoted(f.ActivityId, at));
