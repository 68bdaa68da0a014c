using System.Runtime.InteropServices;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.Facts;

/// <summary>What the events of a customer mean for rules.</summary>
public static class FactFold
{
    const ulong Word = FactCode.None;
    static readonly ulong abc = FactCode.Of("abc");

    /// <param name="source">A number by which an explanation finds the event again.</param>
    public static void Apply(CustomerFacts facts, object @event, int source = 0)
    {
        switch (@event)
        {
            case PurchaseCounted e:
                var lines = (e.Lines ?? [])
                    .Select(l => new OrderLine(FactCode.Of(l.Category), FactCode.Of(l.Brand), FactCode.Of(l.Product), l.Net, l.Discounted))
                    .ToArray();
                facts.AddOrder(
                    new(Instant.Of(e.PurchasedAt), Instant.Never, FactCode.Of(e.PurchaseId), e.Net, FactCode.Of(e.Channel), 0, 0, source),
                    lines
                );
                break;
            case ReturnCounted e:
                Return(facts, e, source);
                break;
            case PurchaseUncounted e:
                facts.EndOrder(FactCode.Of(e.PurchaseId), Instant.Of(e.RetractedAt));
                break;
            case LifecycleStageChanged e:
                if (e.Cause == LifecycleRules.Registered)
                    Happened(FactKind.Registered, e.OccurredAt);
                Holds(FactKind.Stage, Word, FactCode.Of(e.To.ToString()), 0, e.OccurredAt);
                break;
            case RfmScored e:
                Holds(FactKind.Recency, Word, 0, e.Recency, e.OccurredAt);
                Holds(FactKind.Frequency, Word, 0, e.Frequency, e.OccurredAt);
                Holds(FactKind.Monetary, Word, 0, e.Monetary, e.OccurredAt);
                Holds(FactKind.Grid, Word, FactCode.Of(e.Segment), 0, e.OccurredAt);
                Holds(FactKind.ChineseType, Word, FactCode.Of(e.ChineseType), 0, e.OccurredAt);
                break;
            case AbcGradeChanged e:
                Holds(FactKind.Grade, abc, FactCode.Of(e.To), 0, e.OccurredAt);
                break;
            case PopulationLeft e:
                foreach (
                    var kind in (FactKind[])[FactKind.Recency, FactKind.Frequency, FactKind.Monetary, FactKind.Grid, FactKind.ChineseType]
                )
                    facts.End(kind, Word, Instant.Of(e.OccurredAt));
                facts.End(FactKind.Grade, abc, Instant.Of(e.OccurredAt));
                break;
            case ProfileNoted { Personal.Value: { } profile } e:
                Profile(profile, e.OccurredAt);
                break;
            case ConsentNoted e:
                facts.Hold(
                    new(
                        FactKind.Consent,
                        Instant.Of(e.OccurredAt),
                        Instant.Never,
                        FactCode.Of(e.Purpose, e.Channel),
                        e.Granted ? 1 : 0,
                        FactCode.Of(e.Purpose),
                        FactCode.Of(e.Channel),
                        0,
                        source
                    )
                );
                break;
            case PageViewNoted e:
                Happened(FactKind.PageView, e.OccurredAt, b: FactCode.Of(e.Category));
                break;
            case InteractionNoted e:
                Happened(FactKind.Interaction, e.OccurredAt, a: FactCode.Of(e.Topic), c: FactCode.Of(e.Direction));
                break;
            case TicketNoted e:
                Happened(FactKind.Ticket, e.OccurredAt, FactCode.Of(e.TicketId), FactCode.Of(e.Kind), FactCode.Of(e.Category));
                Holds(FactKind.OpenTicket, FactCode.Of(e.TicketId), FactCode.Of(e.Kind), 1, e.OccurredAt);
                break;
            case TicketSettled e:
                facts.End(FactKind.OpenTicket, FactCode.Of(e.TicketId), Instant.Of(e.OccurredAt));
                break;
            case TicketOpenAgain e when Find(FactKind.Ticket, FactCode.Of(e.TicketId)) is { } ticket:
                Holds(FactKind.OpenTicket, ticket.Key, ticket.A, 1, e.OccurredAt);
                break;
            case BreachNoted e:
                Happened(FactKind.Breach, e.OccurredAt, FactCode.Of(e.TicketId));
                break;
            case BreachTakenBack e:
                facts.EndOne(FactKind.Breach, FactCode.Of(e.TicketId), Instant.Of(e.BreachedAt), Instant.Of(e.OccurredAt));
                break;
            case SurveyNoted { Metric: "csat" } e:
                Happened(FactKind.Survey, e.OccurredAt, a: FactCode.Of(e.Metric), amount: e.Score);
                break;
            case TierNoted e:
                Holds(FactKind.Tier, Word, FactCode.Of(e.Tier), 0, e.OccurredAt);
                break;
            case RedemptionNoted e:
                Happened(FactKind.PointsSpent, e.OccurredAt, FactCode.Of(e.RedemptionId), amount: e.Points);
                break;
            case CouponUseNoted e:
                Happened(FactKind.CouponUsed, e.OccurredAt, FactCode.Of(e.OrderId));
                break;
            case AttendanceNoted e:
                Happened(FactKind.Attendance, e.OccurredAt, FactCode.Of(e.ActivityId));
                break;
            case MemberPinned e:
                Pin(facts, e, source);
                break;
            case MemberUnpinned e:
                facts.End(FactKind.PinnedIn, FactCode.Of(e.Code), Instant.Of(e.OccurredAt));
                facts.End(FactKind.PinnedOut, FactCode.Of(e.Code), Instant.Of(e.OccurredAt));
                break;
        }

        void Happened(FactKind kind, DateTimeOffset at, ulong key = 0, ulong a = 0, ulong b = 0, ulong c = 0, long amount = 1) =>
            facts.Add(new(kind, Instant.Of(at), Instant.Never, key, amount, a, b, c, source));

        void Holds(FactKind kind, ulong key, ulong a, long amount, DateTimeOffset at) =>
            facts.Hold(new(kind, Instant.Of(at), Instant.Never, key, amount, a, 0, 0, source));

        RuleFact? Find(FactKind kind, ulong key) =>
            facts.Facts.FindIndex(f => f.Kind == kind && f.Key == key) is var i and >= 0 ? facts.Facts[i] : null;

        void Profile(CoarseProfile profile, DateTimeOffset at)
        {
            (string Field, string? Value, long Size)[] fields =
            [
                ("kind", profile.Kind, 0),
                ("ageBand", profile.AgeBand, 0),
                ("gender", profile.Gender, 0),
                ("incomeBand", profile.IncomeBand, 0),
                ("householdSize", profile.HouseholdSize is null ? null : "size", profile.HouseholdSize ?? 0),
                ("province", profile.Province, 0),
                ("language", profile.Language, 0),
            ];
            foreach (var (field, value, size) in fields)
                if (value is null)
                    facts.End(FactKind.Profile, FactCode.Of(field), Instant.Of(at));
                else
                    Holds(FactKind.Profile, FactCode.Of(field), FactCode.Of(value), size, at);
        }
    }

    static void Return(CustomerFacts facts, ReturnCounted e, int source)
    {
        var (order, at) = (FactCode.Of(e.PurchaseId), Instant.Of(e.ReturnedAt));
        if (e.WhollyReturned)
            facts.EndOrder(order, at);
        var left = e.Net;
        foreach (var part in e.Categories ?? [])
        {
            facts.Returns.Add(new(order, at, part.Net, FactCode.Of(part.Category), source));
            left -= part.Net;
        }
        // What rounding left, or all of it where the categories are not known.
        if (left != 0)
            facts.Returns.Add(new(order, at, left, FactCode.None, source));
    }

    static void Pin(CustomerFacts facts, MemberPinned e, int source)
    {
        var (code, at) = (FactCode.Of(e.Code), Instant.Of(e.OccurredAt));
        facts.End(FactKind.PinnedIn, code, at);
        facts.End(FactKind.PinnedOut, code, at);
        facts.Hold(
            new(
                e.In ? FactKind.PinnedIn : FactKind.PinnedOut,
                at,
                e.Until is { } until ? Instant.Of(until) : Instant.Never,
                code,
                1,
                0,
                0,
                0,
                source
            )
        );
    }
}
