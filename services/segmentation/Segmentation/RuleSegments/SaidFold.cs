using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>What grades, risk bands and episodes of churn mean for rules: each is a fact from its own instant on.</summary>
public static class SaidFold
{
    /// <param name="source">A number by which an explanation finds the event again.</param>
    public static void Apply(CustomerFacts facts, ISaidOfCustomer @event, int source = 0)
    {
        switch (@event)
        {
            case GradeChanged e:
                Holds(FactKind.Grade, FactCode.Of(e.Scheme), e.To, e.OccurredAt);
                break;
            case GradeVoided e:
                facts.End(FactKind.Grade, FactCode.Of(e.Scheme), Instant.Of(e.OccurredAt));
                break;
            case RiskBandChanged e:
                Holds(FactKind.RiskBand, FactCode.None, Code(e.To), e.OccurredAt);
                break;
            case ChurnDeclared e:
                Holds(FactKind.Churn, FactCode.Of(e.EpisodeId), e.Basis, e.OccurredAt);
                break;
            case EpisodeReopened e:
                Holds(FactKind.Churn, FactCode.Of(e.EpisodeId), e.Basis, e.OccurredAt);
                break;
            case EpisodeClosed e:
                facts.Close(FactKind.Churn, FactCode.Of(e.EpisodeId), Instant.Of(e.OccurredAt));
                break;
            case ChurnRevoked e:
                facts.Close(FactKind.Churn, FactCode.Of(e.EpisodeId), Instant.Of(e.OccurredAt));
                break;
        }

        void Holds(FactKind kind, ulong key, string word, DateTimeOffset at) =>
            facts.Hold(new(kind, Instant.Of(at), Instant.Never, key, 0, FactCode.Of(word), 0, 0, source));
    }

    static string Code(RiskBand band) =>
        band switch
        {
            RiskBand.Ok => "ok",
            RiskBand.Watch => "watch",
            RiskBand.Risk => "risk",
            _ => "critical",
        };
}
