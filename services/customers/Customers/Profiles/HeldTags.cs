using System.Collections.Immutable;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// The tags of one customer, folded from the customer's facts, by the codes under which they were recorded. A tag is on the customer as
/// long as one of its origins is.
/// </summary>
public sealed record HeldTags(ImmutableDictionary<string, HeldTag> All)
{
    public static HeldTags None { get; } = new(ImmutableDictionary<string, HeldTag>.Empty);

    public HeldTags Evolve(object fact) =>
        fact switch
        {
            CustomerTagged e => With(e.Tag, Of(e.Tag).Given(e)),
            CustomerUntagged e => With(e.Tag, Of(e.Tag).Taken(e.Origin)),
            TagExpired e => With(e.Tag, Of(e.Tag).Ended(e.Origin)),
            TagAllowed e => With(e.Tag, Of(e.Tag) with { Suppressed = false }),
            CustomerForgotten => None,
            _ => this,
        };

    public HeldTag Of(string code) => All.GetValueOrDefault(code, HeldTag.Nothing);

    /// <summary>The codes that are on the customer, also those whose time is up and was not recorded yet.</summary>
    public IEnumerable<string> Codes => All.Where(t => !t.Value.Origins.IsEmpty).Select(t => t.Key);

    /// <summary>What time has ended and no fact says yet, each dated at its instant.</summary>
    public IEnumerable<TagExpired> Lapsed(DateTimeOffset now) => All.SelectMany(t => t.Value.Lapsed(t.Key, now)).OrderBy(e => e.OccurredAt);

    /// <summary>
    /// The tags that are on the customer at an instant, under the codes of that instant, in the order in which they were given.
    /// </summary>
    public IReadOnlyList<PresentTag> At(DateTimeOffset at, TagJoins joins) =>
        [
            .. All.SelectMany(t => t.Value.At(at), (t, given) => (Code: joins.CodeAt(t.Key, at), given))
                .GroupBy(t => t.Code, t => t.given)
                .Select(g => new PresentTag(
                    g.Key,
                    [.. g.GroupBy(o => o.Origin).Select(Joined).OrderByDescending(o => o.Origin.Strength())]
                ))
                .OrderBy(t => t.Origins.Min(o => o.Since))
                .ThenBy(t => t.Tag, StringComparer.Ordinal),
        ];

    /// <summary>The tags that rules must not put back, under the codes of an instant.</summary>
    public IReadOnlyList<string> Suppressed(DateTimeOffset at, TagJoins joins) =>
        [.. All.Where(t => t.Value.Suppressed).Select(t => joins.CodeAt(t.Key, at)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The tags of several customers who are one, in the order in which they were given.</summary>
    public static IReadOnlyList<PresentTag> Together(IReadOnlyList<PresentTag> tags) =>
        [
            .. tags.GroupBy(t => t.Tag, t => t.Origins, StringComparer.Ordinal)
                .Select(t => new PresentTag(
                    t.Key,
                    [.. t.SelectMany(o => o).GroupBy(o => o.Origin).Select(Joined).OrderByDescending(o => o.Origin.Strength())]
                ))
                .OrderBy(t => t.Origins.Min(o => o.Since))
                .ThenBy(t => t.Tag, StringComparer.Ordinal),
        ];

    HeldTags With(string code, HeldTag tag) =>
        new(tag is { Origins.IsEmpty: true, Suppressed: false } ? All.Remove(code) : All.SetItem(code, tag));

    /// <summary>The same origin under several joined codes lasts from the first to the last of them.</summary>
    static TagGiven Joined(IGrouping<TagOrigin, TagGiven> same) =>
        new(same.Key, same.Min(o => o.Since), same.Any(o => o.Until is null) ? null : same.Max(o => o.Until));
}

/// <summary>One tag of one customer.</summary>
/// <param name="Origins">Who says it, each since and until when.</param>
/// <param name="Group">The group that it had when it was given last.</param>
/// <param name="Suppressed">A person took it away: rules and inferences do not put it back until a person allows it.</param>
public sealed record HeldTag(ImmutableDictionary<TagOrigin, TagGiven> Origins, string? Group, bool Suppressed)
{
    public static HeldTag Nothing { get; } = new(ImmutableDictionary<TagOrigin, TagGiven>.Empty, null, false);

    public HeldTag Given(CustomerTagged e) =>
        new(Origins.SetItem(e.Origin, new(e.Origin, e.OccurredAt, e.Until)), e.Group, Suppressed && e.Origin != TagOrigin.Manual);

    /// <param name="origin">Null takes all away and suppresses nothing: so did facts before origins were kept apart.</param>
    public HeldTag Taken(TagOrigin? origin) =>
        origin switch
        {
            null => this with { Origins = Nothing.Origins },
            TagOrigin.Manual => this with { Origins = Nothing.Origins, Suppressed = true },
            { } one => Ended(one),
        };

    public HeldTag Ended(TagOrigin origin) => this with { Origins = Origins.Remove(origin) };

    public IEnumerable<TagGiven> At(DateTimeOffset at) => Origins.Values.Where(o => o.Until is not { } until || at < until);

    public bool Has(TagOrigin origin, DateTimeOffset at) => At(at).Any(o => o.Origin == origin);

    public IEnumerable<TagExpired> Lapsed(string code, DateTimeOffset now) =>
        Origins.Values.Where(o => o.Until <= now).Select(o => new TagExpired(code, o.Origin, o.Until!.Value));
}

/// <summary>A tag that is on a customer.</summary>
/// <param name="Tag">Its code.</param>
/// <param name="Origins">Who says it, the strongest first.</param>
public sealed record PresentTag(string Tag, IReadOnlyList<TagGiven> Origins);

/// <summary>Who says that a customer has a tag.</summary>
/// <param name="Origin"><c>manual</c> for a person, <c>import</c>, <c>rule</c> or <c>inferred</c>.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Until before when; null if it stays.</param>
public sealed record TagGiven(TagOrigin Origin, DateTimeOffset Since, DateTimeOffset? Until);
