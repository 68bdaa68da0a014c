using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>Why a rule holds of a customer, or does not.</summary>
/// <param name="CustomerId">The customer under whose id this one is judged.</param>
/// <param name="Code">Code of the segment; null for a rule that was only tried.</param>
/// <param name="Version">Version of the segment that decides as of that instant.</param>
/// <param name="Member">Whether the customer is a member.</param>
/// <param name="Verdict"><c>yes</c>, <c>no</c>, or <c>unknown</c>: then the customer is no member.</param>
/// <param name="AsOf">The instant that was asked for.</param>
/// <param name="Decided"><c>rule</c>, <c>pinned-in</c>, <c>pinned-out</c>, <c>no-consent</c>, <c>withdrawn</c>, or <c>paused</c>:
/// then members are as they were recorded.</param>
/// <param name="ValidUntil">If nothing new is told, all of it stays so until just before this instant; null: for ever.</param>
/// <param name="Rule">The rule, down to the facts that suffice; null where there is none.</param>
public sealed record Explanation(
    Guid CustomerId,
    string? Code,
    int? Version,
    bool Member,
    Verdict Verdict,
    DateTimeOffset AsOf,
    string Decided,
    DateTimeOffset? ValidUntil,
    ExplainedCondition? Rule
);

/// <summary>A condition, what was found, and which facts suffice for that.</summary>
/// <param name="Op"><c>all</c>, <c>any</c>, <c>at-least</c>, <c>not</c>, or what is asked about: <c>purchases</c>.</param>
/// <param name="Verdict"><c>yes</c>, <c>no</c> or <c>unknown</c>.</param>
/// <param name="Text">In words.</param>
/// <param name="Measured">What was counted; null where that is unknown, or where nothing is.</param>
/// <param name="Threshold">What it is compared with.</param>
/// <param name="Missing">How much more would be needed; null where nothing is.</param>
/// <param name="Before">The first of what counts now counts no more from this instant on.</param>
/// <param name="ValidUntil">If nothing new is told, the verdict stays until just before this instant; null: for ever.</param>
/// <param name="Evidence">Facts that suffice, those that count for longest first.</param>
/// <param name="Of">The conditions that decide.</param>
public sealed record ExplainedCondition(
    string Op,
    Verdict Verdict,
    Words Text,
    decimal? Measured,
    decimal? Threshold,
    decimal? Missing,
    DateTimeOffset? Before,
    DateTimeOffset? ValidUntil,
    IReadOnlyList<CitedFact> Evidence,
    IReadOnlyList<ExplainedCondition> Of
);

/// <summary>A fact of the log.</summary>
/// <param name="EventId">Id of the event.</param>
/// <param name="What">Its type: <c>PurchaseCounted</c>.</param>
/// <param name="OccurredAt">When it happened, or began to hold.</param>
/// <param name="About">Id of the purchase, ticket or page view that it is about; null where it has none.</param>
public sealed record CitedFact(Guid EventId, string What, DateTimeOffset OccurredAt, Guid? About);

/// <summary>What the log tells of one customer and of all who are one with them, with where each fact comes from.</summary>
sealed class ToldFacts
{
    readonly List<RecordedEvent> sources = [];

    public CustomerFacts Facts { get; private init; } = new();

    /// <summary>Memberships as they were recorded.</summary>
    public Memberships Memberships { get; private init; } = Memberships.Initial;

    /// <returns>Null where this room knows no such customer, or has forgotten them.</returns>
    public static async Task<ToldFacts?> Of(EventStore store, NpgsqlDataSource db, Guid customerId, CancellationToken ct)
    {
        var survivor = (await CustomerGroups.Of(db, customerId, ct)).SurvivorId;
        var members = await db.Query<Guid>("select customer_id from segment_facts where survivor_id = @survivor", new { survivor }, ct);
        var (membership, _) = await store.Read(Memberships.Of(survivor), ct);
        var told = new ToldFacts
        {
            Facts = new() { CustomerId = survivor },
            Memberships = membership,
        };
        var own = await told.Read(store, survivor, told.Facts, ct);
        if (!own)
            return null;
        await told.ReadSaid(store, db, survivor, ct);
        foreach (var member in members)
        {
            var facts = new CustomerFacts { CustomerId = member };
            if (await told.Read(store, member, facts, ct))
                told.Facts.Join(facts);
        }
        MemberFacts.Set(told.Facts, membership.Changes);
        return told;
    }

    async Task<bool> Read(EventStore store, Guid customer, CustomerFacts facts, CancellationToken ct)
    {
        var events = (await store.FetchStream(customer, ct: ct)).Where(e => e.Data is ICustomerEvent).ToList();
        foreach (var e in events)
        {
            FactFold.Apply(facts, e.Data, sources.Count);
            sources.Add(e);
        }
        return events.Count > 0 && !events.Any(e => e.Data is PersonalDataErased);
    }

    async Task ReadSaid(EventStore store, NpgsqlDataSource db, Guid customer, CancellationToken ct)
    {
        var schemes = await db.Query<string>("select scheme from standing_grades where customer_id = @customer", new { customer }, ct);
        foreach (var id in schemes.Select(s => CustomerGrade.Of(customer, s).Id).Append(CustomerChurn.Of(customer).Id))
        foreach (var e in await store.FetchStream(id, ct: ct))
            if (e.Data is ISaidOfCustomer said)
            {
                SaidFold.Apply(Facts, said, sources.Count);
                sources.Add(e);
            }
    }

    public ExplainedCondition Shown(Proof proof) =>
        new(
            proof.Op,
            proof.Verdict,
            RuleWords.Of(proof),
            IsNumber(proof) ? proof.Measured : null,
            IsNumber(proof) || proof.Op == "at-least" ? proof.Threshold : null,
            IsNumber(proof) && proof.Verdict == Verdict.No && proof.Measured < proof.Threshold ? proof.Threshold - proof.Measured : null,
            Instant.Shown(proof.FirstLeaves),
            Instant.Shown(proof.ValidUntil),
            [.. proof.Evidence.Select(Cited)],
            [.. proof.Of.Select(Shown)]
        );

    static bool IsNumber(Proof proof) =>
        proof.Of.Count == 0
        && (
            proof.About is { Purchases: not null } or { Did: not null } or { OpenTickets: not null } or { Bucket: not null }
            || proof.About is { Score.IsNumber: true } or { Profile.Field: "householdSize" }
        );

    CitedFact Cited(FactRef about)
    {
        var (source, at) = about.Order
            ? (Facts.Orders[about.Index].Source, Facts.Orders[about.Index].At)
            : (Facts.Facts[about.Index].Source, Facts.Facts[about.Index].From);
        var e = sources[source];
        return new(e.Id, e.Data.GetType().Name, Instant.Shown(at)!.Value, IdOf(e.Data));
    }

    static Guid? IdOf(object fact) =>
        fact switch
        {
            PurchaseCounted f => f.PurchaseId,
            PageViewNoted f => f.PageViewId,
            InteractionNoted f => f.InteractionId,
            TicketNoted f => f.TicketId,
            TicketOpenAgain f => f.TicketId,
            BreachNoted f => f.TicketId,
            SurveyNoted f => f.TicketId,
            RedemptionNoted f => f.RedemptionId,
            CouponUseNoted f => f.OrderId,
            AttendanceNoted f => f.ActivityId,
            _ => null,
        };
}
