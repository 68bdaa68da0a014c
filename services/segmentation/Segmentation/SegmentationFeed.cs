using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Needs;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation;

/// <summary>The outbox: which of our facts the others hear.</summary>
public static class SegmentationFeed
{
    public static OutgoingFact? Translate(RecordedEvent e)
    {
        var id = e.StreamId;
        return e.Data switch
        {
            LifecycleStageChanged f => new(
                id,
                new Contracts.LifecycleStageChanged(id, f.From?.ToString(), f.To.ToString(), f.Cause, f.OccurredAt),
                f.OccurredAt
            ),
            RfmScored f => new(
                id,
                new Contracts.RfmScored(
                    CustomerId: id,
                    Recency: f.Recency,
                    Frequency: f.Frequency,
                    Monetary: f.Monetary,
                    Segment: f.Segment,
                    ChineseType: f.ChineseType,
                    RunId: f.RunId,
                    AsOf: f.AsOf,
                    Live: f.Live,
                    OccurredAt: f.OccurredAt
                ),
                f.OccurredAt
            ),
            SegmentEntered f => new(
                id,
                new Contracts.SegmentEntered(id, f.Segment, f.DefinitionVersion, f.Reason, f.OccurredAt),
                f.OccurredAt
            ),
            SegmentLeft f => new(id, new Contracts.SegmentLeft(id, f.Segment, f.DefinitionVersion, f.Reason, f.OccurredAt), f.OccurredAt),
            RuleSegmentEntered f => new(
                f.CustomerId,
                new Contracts.SegmentEntered(f.CustomerId, f.Code, f.Version, f.Reason, f.OccurredAt, f.Cause, f.Held),
                f.OccurredAt
            ),
            RuleSegmentLeft f => new(
                f.CustomerId,
                new Contracts.SegmentLeft(f.CustomerId, f.Code, f.Version, f.Reason, f.OccurredAt, f.Cause),
                f.OccurredAt
            ),
            AbcGradeChanged f => new(id, new Contracts.GradeChanged(id, "abc", f.From, f.To, f.RunId, f.OccurredAt), f.OccurredAt),
            GradeChanged f => new(
                f.CustomerId,
                new Contracts.GradeChanged(f.CustomerId, f.Scheme, f.From, f.To, f.RunId, f.OccurredAt, f.Cause),
                f.OccurredAt
            ),
            PopulationLeft f => new(id, new Contracts.PopulationLeft(id, f.Reason, f.OccurredAt), f.OccurredAt),
            PersonalDataErased f => new(id, new Contracts.PersonalDataErased(id, f.KeysDestroyed, f.OccurredAt), f.OccurredAt),
            NeedsChanged f => new(
                f.CustomerId,
                new Contracts.NeedsChanged(
                    f.CustomerId,
                    [.. f.Needs.Select(n => new Contracts.CustomerNeed(n.Code, n.Origin, n.Band?.ToString().ToLowerInvariant()))],
                    f.OccurredAt
                ),
                f.OccurredAt
            ),
            IChurnEvent f => Told(f) is { } told ? new(f.CustomerId, told, f.OccurredAt) : null,
            _ => null,
        };
    }

    static Contracts.IAboutCustomer? Told(IChurnEvent e) =>
        e switch
        {
            RiskBandChanged { Cause: RiskBands.Time } f when f.To > f.From => new Contracts.ChurnRiskCrossed(
                f.CustomerId,
                Word(f.From),
                Word(f.To),
                f.ModelId,
                f.OccurredAt
            ),
            ChurnDeclared f => new Contracts.ChurnDeclared(f.CustomerId, f.EpisodeId, f.Basis, f.OccurredAt),
            EpisodeReopened f => new Contracts.ChurnDeclared(f.CustomerId, f.EpisodeId, f.Basis, f.OccurredAt),
            ChurnRevoked f => new Contracts.ChurnRevoked(f.CustomerId, f.EpisodeId, f.Reason, f.OccurredAt),
            EpisodeClosed f => new Contracts.WonBack(f.CustomerId, f.EpisodeId, f.PlanId, f.OccurredAt),
            WinBackOffered f => new Contracts.WinBackOffered(f.CustomerId, f.PlanId, f.Offer, f.OccurredAt),
            _ => null,
        };

    static string Word(RiskBand band) => band.ToString().ToLowerInvariant();
}
