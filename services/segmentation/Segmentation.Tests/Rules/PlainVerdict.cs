using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.Tests.Rules;

/// <summary>The meaning of conditions, plainly: from the events that had been by an instant, in their order.</summary>
static class PlainVerdict
{
    public static Verdict Of(Condition c, IReadOnlyList<object> events, DateTimeOffset at) => Of(c, new PlainFacts(events, []), at);

    public static Verdict Of(Condition c, PlainFacts facts, DateTimeOffset at)
    {
        var events = facts.All;
        return c switch
        {
            { All: { } all } => all.Min(x => Of(x, facts, at)),
            { Any: { } any } => any.Max(x => Of(x, facts, at)),
            { AtLeast: { } some } => some.Of.Select(x => Of(x, facts, at)).OrderDescending().ElementAt(some.Count - 1),
            { Not: { } not } => Verdict.Yes - (int)Of(not, facts, at),
            { Segment: { } code } => Known(facts.Member!(code, at), null),
            { Profile: { } p } => Known(Word(Each<ProfileNoted>().Select(e => e.Personal.Value!.Province), p.In!), p.Missing),
            // What was withdrawn by one is withdrawn.
            { Consent: not null } => Known(Each<ConsentNoted>().ToList() is { Count: > 0 } said && said.All(e => e.Granted), null),
            { Did: { } did } => Between(Things(did.Of, events, at).Count(t => In(t, did.Within, at)), did.AtLeast, did.AtMost),
            { OpenTickets: { } open } => Between(
                By<TicketNoted>(e => e.OccurredAt)
                    .Count(t =>
                        t.Kind == open.Kind
                        && events.LastOrDefault(e => PlainFacts.At(e) <= at && IsOf(t.TicketId, e)) is TicketNoted or TicketOpenAgain
                    ),
                open.AtLeast,
                open.AtMost
            ),
            { Silence: { } s } => Known(
                Last(s.Since) is not { } last ? null
                    : s.UnderDays is { } under ? at < last.AddDays(under)
                    : at >= last.AddDays(s.AtLeastDays!.Value),
                s.Missing
            ),
            { Score: { Of: "tier" } s } => Known(Word(Each<TierNoted>().Select(e => e.Tier), s.In!), s.Missing),
            { Score: { Of: "grade" } s } => Known(
                Own<IGradeEvent>(e => e.OccurredAt).LastOrDefault(e => e.Scheme == s.Scheme) is GradeChanged grade
                    ? s.In!.Contains(grade.To)
                    : null,
                s.Missing
            ),
            { Score: { Of: "riskBand" } s } => Known(
                Own<RiskBandChanged>(e => e.OccurredAt).LastOrDefault() is { } band ? s.In!.Contains(band.To.ToString().ToLowerInvariant())
                    : Orders(events, at).Any() ? s.In!.Contains("ok")
                    : null,
                s.Missing
            ),
            { Score: { Of: "churn" } s } => Known(
                Own<ChurnDeclared>(e => e.OccurredAt).Any(d => Basis(d.EpisodeId) is { } basis && s.In!.Contains(basis)),
                null
            ),
            { Score: { } s } => Known(
                Own<LifecycleStageChanged>(e => e.OccurredAt).LastOrDefault() is { } stage ? s.In!.Contains(stage.To.ToString()) : null,
                s.Missing
            ),
            { Sequence: { } s } => Known(
                Things(s.First, events, at)
                    .Any(a =>
                        Things(s.Then, events, at)
                            .Any(b =>
                                a < b && b <= a.AddDays(s.Days) && !(s.Without is { } w && Things(w, events, at).Any(x => x > a && x < b))
                            )
                    ),
                null
            ),
            { Purchases: { } p } => Purchases(p, events, at),
            _ => throw new ArgumentException("a condition that no test asks", nameof(c)),
        };

        IEnumerable<T> By<T>(Func<T, DateTimeOffset> when) => events.OfType<T>().Where(e => when(e) <= at);

        // What the room says is said of the customer alone, or of the group under the survivor's id.
        IEnumerable<T> Own<T>(Func<T, DateTimeOffset> when) => facts.Own.OfType<T>().Where(e => when(e) <= at);

        // What was last told of each who is one of them.
        IEnumerable<T> Each<T>()
            where T : class =>
            facts.Others.Prepend(facts.Own).Select(own => own.OfType<T>().LastOrDefault(e => PlainFacts.At(e) <= at)).OfType<T>();

        // Of an open episode.
        string? Basis(Guid episode) =>
            Own<IChurnEvent>(e => e.OccurredAt)
                .Select(e =>
                    e switch
                    {
                        ChurnDeclared f => (f.EpisodeId, f.Basis),
                        EpisodeReopened f => (f.EpisodeId, f.Basis),
                        EpisodeClosed f => (f.EpisodeId, null),
                        ChurnRevoked f => (f.EpisodeId, null),
                        _ => (Guid.Empty, (string?)null),
                    }
                )
                .Last(e => e.Item1 == episode)
                .Item2;

        DateTimeOffset? Last(string since) =>
            (
                since == "purchase"
                    ? Orders(events, at).Select(o => o.PurchasedAt)
                    : Things(new("ticket"), events, at).Concat(Things(new("interaction"), events, at))
            )
                .Select(t => (DateTimeOffset?)t)
                .Max();
    }

    static Verdict Purchases(PurchasesMade asked, IReadOnlyList<object> events, DateTimeOffset at)
    {
        var orders = Orders(events, at)
            .Where(o => In(o.PurchasedAt, asked.Within, at))
            .Where(o => asked.Channel is null || o.Channel == asked.Channel)
            .Where(o => asked.Category is null || o.Lines!.Any(l => l.Category == asked.Category))
            .OrderBy(o => o.PurchasedAt)
            .ToList();
        decimal Net(PurchaseCounted o) =>
            asked.Category is null
                ? o.Net - events.OfType<ReturnCounted>().Where(r => r.PurchaseId == o.PurchaseId && r.ReturnedAt <= at).Sum(r => r.Net)
                // These returns do not say of what.
                : o.Lines!.Where(l => l.Category == asked.Category).Sum(l => l.Net);
        decimal? measured = asked.Measure switch
        {
            "count" => orders.Count,
            "net" => orders.Sum(Net),
            "average" => orders.Count == 0 ? null : orders.Sum(Net) / orders.Count,
            "distinctDays" => orders.Select(o => RuleWorld.Business.DayOf(o.PurchasedAt)).Distinct().Count(),
            _ => orders.Count < 2 ? null : orders.Zip(orders.Skip(1), (a, b) => (decimal)(b.PurchasedAt - a.PurchasedAt).TotalDays).Max(),
        };
        return measured is { } value ? Between(value, asked.AtLeast, asked.AtMost) : Verdict.Unknown;
    }

    static IEnumerable<PurchaseCounted> Orders(IReadOnlyList<object> events, DateTimeOffset at) =>
        events
            .OfType<PurchaseCounted>()
            .Where(o => o.PurchasedAt <= at)
            .Where(o => !events.OfType<PurchaseUncounted>().Any(u => u.PurchaseId == o.PurchaseId && u.RetractedAt <= at))
            .Where(o => !events.OfType<ReturnCounted>().Any(r => r.PurchaseId == o.PurchaseId && r.WhollyReturned && r.ReturnedAt <= at));

    static IEnumerable<DateTimeOffset> Things(Thing thing, IReadOnlyList<object> events, DateTimeOffset at) =>
        (
            thing.What switch
            {
                "page-view" => events
                    .OfType<PageViewNoted>()
                    .Where(e => thing.Category is null || e.Category == thing.Category)
                    .Select(e => e.OccurredAt),
                "survey" => events.OfType<SurveyNoted>().Where(e => !(e.Score > thing.MaxScore)).Select(e => e.OccurredAt),
                "interaction" => events.OfType<InteractionNoted>().Select(e => e.OccurredAt),
                "ticket" => events.OfType<TicketNoted>().Select(e => e.OccurredAt),
                _ => Orders(events, at).Select(o => o.PurchasedAt),
            }
        ).Where(t => t <= at);

    static bool In(DateTimeOffset fact, Within? within, DateTimeOffset at)
    {
        var (then, today) = (RuleWorld.Business.DayOf(fact), RuleWorld.Business.DayOf(at));
        return within switch
        {
            null => true,
            { Days: { } days } => fact > at.AddDays(-days),
            { BusinessDays: { } days } => then > today.AddDays(-days),
            _ => (then.Year, then.Month) == (today.Year, today.Month),
        };
    }

    static bool IsOf(Guid ticket, object e) =>
        e switch
        {
            TicketNoted t => t.TicketId == ticket,
            TicketSettled t => t.TicketId == ticket,
            TicketOpenAgain t => t.TicketId == ticket,
            _ => false,
        };

    /// <summary>Null where no word is known.</summary>
    static bool? Word(IEnumerable<string?> known, IReadOnlyList<string> asked) =>
        known.OfType<string>().ToList() is { Count: > 0 } words ? words.Any(asked.Contains) : null;

    static Verdict Between(decimal value, decimal? atLeast, decimal? atMost) =>
        value < atLeast || value > atMost ? Verdict.No : Verdict.Yes;

    static Verdict Known(bool? holds, string? missing) =>
        holds is { } known ? (known ? Verdict.Yes : Verdict.No)
        : missing == "no" ? Verdict.No
        : Verdict.Unknown;
}
