using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>What giving a tag and taking it away does to a customer.</summary>
public static class TagRules
{
    /// <summary>How many tags a customer has at most.</summary>
    public const int Most = 200;

    /// <summary>
    /// Nothing where this origin is there already, where a person took the tag away and a rule would put it back, and where a stronger
    /// origin holds another tag of the group.
    /// </summary>
    /// <param name="field">The field of the request that names the tag.</param>
    /// <exception cref="RuleViolationException"><c>tag-retired</c>, <c>tag-sensitive</c> or <c>too-many-tags</c>.</exception>
    public static ICustomerEvent[] Give(HeldTags held, TagWord word, TagOrigin origin, DateTimeOffset at, string field)
    {
        var codes = word.Codes.ToHashSet();
        if (codes.Any(c => held.Of(c).Has(origin, at)))
            return [];
        if (word.Tag.Retired || word.Tag.Into is not null)
            throw new RuleViolationException("tag-retired", $"The tag '{word.Code}' is retired: nobody is given it any more.", field);
        if (word.Tag.Definition.Sensitive && origin.RunsByItself())
            throw new RuleViolationException(
                "tag-sensitive",
                $"The tag '{word.Code}' is sensitive: only a person or an import gives it.",
                field
            );
        if (origin.RunsByItself() && codes.Any(c => held.Of(c).Suppressed))
            return [];
        var present = held.All.Where(t => t.Value.At(at).Any()).ToList();
        var rivals = word.Tag.Definition.Group is { } group
            ? present.Where(t => t.Value.Group == group && !codes.Contains(t.Key)).ToList()
            : [];
        if (rivals.SelectMany(t => t.Value.At(at)).Any(o => o.Origin.Strength() > origin.Strength()))
            return [];
        if (!present.Any(t => codes.Contains(t.Key)) && present.Count - rivals.Count >= Most)
            throw new RuleViolationException("too-many-tags", $"This customer has {Most} tags already.", field);
        DateTimeOffset? until = word.Tag.Definition.ExpiresDays is { } days ? at.AddDays(days) : null;
        return
        [
            .. Lapsed(held, [.. codes, .. rivals.Select(r => r.Key)], at),
            .. rivals.Select(r => new CustomerUntagged(r.Key, at, ReplacedBy: word.Code)),
            new CustomerTagged(word.Code, origin, at, until, word.Tag.Definition.Group),
        ];
    }

    /// <summary>A person takes the whole tag away, a rule, an import or an inference only what it said itself.</summary>
    /// <param name="spelled">The word as it is in the request: before keys were compared, a tag was stored as it was spelled.</param>
    /// <exception cref="NotFoundException">The customer has no such tag, or none that this origin gave.</exception>
    public static ICustomerEvent[] Take(HeldTags held, TagWord word, string spelled, TagOrigin origin, DateTimeOffset now)
    {
        var there = There(held, word, spelled, origin, now).Select(c => new CustomerUntagged(c, now, origin)).ToList();
        return there is []
            ? throw new NotFoundException(origin == TagOrigin.Manual ? "tag" : $"origin {Word(origin)} of tag", word.Code)
            : [.. Lapsed(held, [.. word.Codes, spelled], now), .. there];
    }

    /// <summary>The codes under which <see cref="Take"/> would take the tag away.</summary>
    public static IReadOnlyList<string> There(HeldTags held, TagWord word, string spelled, TagOrigin origin, DateTimeOffset now) =>
        [
            .. word
                .Codes.Append(spelled)
                .Distinct()
                .Where(c => origin == TagOrigin.Manual ? held.Of(c).At(now).Any() : held.Of(c).Has(origin, now)),
        ];

    /// <summary>What ended before, so that the facts of one tag are in the order of their instants.</summary>
    static IEnumerable<ICustomerEvent> Lapsed(HeldTags held, IReadOnlyCollection<string> codes, DateTimeOffset now) =>
        held.Lapsed(now).Where(e => codes.Contains(e.Tag));

    static string Word(TagOrigin origin) => origin.ToString().ToLowerInvariant();
}
