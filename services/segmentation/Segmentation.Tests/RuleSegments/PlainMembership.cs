using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.Tests.Rules;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>A segment with what was published of it.</summary>
/// <param name="Of">Another one that it asks about.</param>
sealed record PlainSegment(string Code, bool Marketing, string? Of)
{
    public List<(DateTimeOffset From, Condition Rule)> Versions { get; } = [];
}

/// <summary>
/// What is to be recorded of one customer: whoever looks at all instants, one after the other, asks the plain meaning of the rule. What was
/// recorded stays; facts that were told late change a membership from their own instant on, or from its last change.
/// </summary>
sealed class PlainMembership
{
    public List<(string Code, DateTimeOffset At, bool In)> Changes { get; } = [];

    /// <summary>Nothing before this instant is judged: the customer was alone, or one with others, until then.</summary>
    public DateTimeOffset Since { get; set; } = DateTimeOffset.MinValue;

    public bool Is(string code, DateTimeOffset at) => Changes.LastOrDefault(c => c.Code == code && c.At <= at).In;

    public void Leave()
    {
        foreach (var last in Changes.GroupBy(c => c.Code).Select(c => c.Last()).Where(c => c.In).ToList())
            Changes.Add((last.Code, last.At > Since ? last.At : Since, false));
    }

    /// <param name="segments">Those that others ask about stand before them.</param>
    /// <param name="instants">All at which anything may change, in their order, until now.</param>
    public void Judge(IReadOnlyList<PlainSegment> segments, PlainFacts facts, IReadOnlyList<DateTimeOffset> instants)
    {
        facts = facts with { Member = Is };
        foreach (var segment in segments)
        {
            var last = Changes.LastOrDefault(c => c.Code == segment.Code);
            var from = new[] { last.At, segment.Versions[0].From, Since }.Max();
            foreach (var at in instants.Where(i => i > from).Prepend(from))
                if (Holds(segment, facts, at) != last.In)
                    Changes.Add(last = (segment.Code, at, !last.In));
        }
    }

    static bool Holds(PlainSegment segment, PlainFacts facts, DateTimeOffset at)
    {
        var pins = facts.Others.Prepend(facts.Own).Select(own => PinOf(segment.Code, own, at)).ToList();
        if (pins.Contains(false))
            return false;
        var consent = segment.Marketing ? PlainVerdict.Of(new(Consent: new("marketing")), facts, at) : Verdict.Yes;
        return consent == Verdict.Yes
            && (pins.Contains(true) || PlainVerdict.Of(segment.Versions.Last(v => v.From <= at).Rule, facts, at) == Verdict.Yes);
    }

    static bool? PinOf(string code, IReadOnlyList<object> events, DateTimeOffset at) =>
        events.LastOrDefault(e =>
            e is MemberPinned p && p.Code == code && p.OccurredAt <= at || e is MemberUnpinned u && u.Code == code && u.OccurredAt <= at
        )
            is MemberPinned last
        && !(last.Until <= at)
            ? last.In
            : null;
}
