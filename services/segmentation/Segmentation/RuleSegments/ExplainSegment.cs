using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>Tries a rule on one customer; nothing is written.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Customer">Id of the customer.</param>
/// <param name="AsOf">A day, which means its end, or an instant; now if left out.</param>
public sealed record TryRule([property: Required] Condition Rule, Guid Customer, [property: KeyText(40)] string? AsOf = null)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "rule-segments/evaluate",
                "Try a rule on one customer, with an explanation",
                "segmentation.read",
                async (
                    TryRule command,
                    SegmentBook book,
                    EventStore store,
                    NpgsqlDataSource db,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var rule = Rules.Rule.Of(command.Rule, business);
                    foreach (var segment in rule.Segments)
                        if (await book.Find(db, segment, ct) is null)
                            throw new RuleViolationException("segment-unknown", $"There is no published segment '{segment}'.", "rule");
                    await GradeWords.Check(command.Rule, business, db, ct);
                    var at = ExplainSegment.Moment(business, clock, command.AsOf);
                    if (await ToldFacts.Of(store, db, command.Customer, ct) is not { } told)
                        throw new NotFoundException("customer", command.Customer);
                    var proof = rule.Prove(told.Facts, Instant.Of(at));
                    return Results.Ok(
                        new Explanation(
                            told.Facts.CustomerId,
                            null,
                            null,
                            proof.Verdict == Verdict.Yes,
                            proof.Verdict,
                            at,
                            "rule",
                            Instant.Shown(rule.NextChange(told.Facts, Instant.Of(at))),
                            told.Shown(proof)
                        )
                    );
                }
            )
            .WithName("TryRule")
            .Produces<Explanation>()
            .Refuses("rule-invalid", "rule-too-large", "segment-unknown", "scheme-unknown", "grade-unknown");
}

/// <summary>Why somebody is a member, or is not, as of any instant: by what is known now.</summary>
public static class ExplainSegment
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "rule-segments/{code}/members/{customer:guid}/explain",
                "Why a customer is a member of a rule segment, or is not",
                "segmentation.read",
                Explain
            )
            .WithName("ExplainMember")
            .Produces<Explanation>()
            .Refuses("segment-not-published");

    static async Task<IResult> Explain(
        [Code] string code,
        Guid customer,
        [Description("A day, which means its end, or an instant; now if left out.")] string? asOf,
        SegmentBook book,
        EventStore store,
        NpgsqlDataSource db,
        Business business,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var at = Moment(business, clock, asOf);
        if (await book.Find(db, code, ct) is not { } segment)
            return Answer.NotFound("published segment", code);
        if (await ToldFacts.Of(store, db, customer, ct) is not { } told)
            return Answer.NotFound("customer", customer);
        var (facts, instant) = (told.Facts, Instant.Of(at));
        var era = segment.EraAt(instant);
        if (instant < era.From)
            throw new RuleViolationException("segment-not-published", "The segment was not published by then.", "asOf");
        var verdict = segment.At(facts, era, instant);
        return Results.Ok(
            new Explanation(
                facts.CustomerId,
                code,
                era.Version,
                segment.IsMember(facts, instant),
                verdict,
                at,
                segment.DecidedBy(facts, era, instant),
                Instant.Shown(segment.NextChange(facts, era, instant)),
                era.Rule is { } rule ? told.Shown(rule.Prove(facts, instant)) : null
            )
        );
    }

    /// <exception cref="BadRequestException">It is no moment, or is to come.</exception>
    internal static DateTimeOffset Moment(Business business, TimeProvider clock, string? asOf)
    {
        var now = clock.GetUtcNow();
        var at = business.Moment("asOf", asOf) ?? now;
        if (at > now && business.DayOf(at) > business.DayOf(now))
            throw new BadRequestException("asOf", "not in the future");
        return at > now ? now : at;
    }
}
