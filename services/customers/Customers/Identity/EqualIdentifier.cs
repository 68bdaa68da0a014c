namespace CrmPlatform.Customers.Identity;

/// <summary>What the identifiers of one kind say of a pair.</summary>
/// <param name="Anchor">Bits of the best equal value; null if none is equal, or it is no anchor.</param>
/// <param name="Verified">That value is verified on both sides.</param>
/// <param name="Generic">A value is equal, and only such as belong to many.</param>
/// <param name="Differs">Both have values, and none is equal.</param>
/// <param name="Line">What it adds apart from anchoring.</param>
public sealed record EqualIdentifier(IdentifierKind Kind, double? Anchor, bool Verified, bool Generic, bool Differs, MatchLine? Line)
{
    public string Name => NameOf(Kind);

    public static string NameOf(IdentifierKind kind) => kind == IdentifierKind.IdNumber ? "id-number" : kind.ToString().ToLowerInvariant();

    public static EqualIdentifier Of(IdentifierKind kind, MatchProfile one, MatchProfile other, MatchContext context)
    {
        var rule = IdentifierRule.Of(kind);
        var (mine, theirs) = (one.Of(kind).ToList(), other.Of(kind).ToList());
        var equal = mine.Join(theirs, i => i.Value, i => i.Value, (a, b) => (A: a, B: b), StringComparer.Ordinal).ToList();
        var telling = equal.Where(e => !context.IsGeneric(e.A)).ToList();
        var verified = telling.Any(e => rule.Counts(e.A.VerifiedAt, context.Now) && rule.Counts(e.B.VerifiedAt, context.Now));
        var generic = equal.Count > 0 && telling.Count == 0;
        var differs = equal.Count == 0 && mine.Count > 0 && theirs.Count > 0;
        return new(kind, telling.Count > 0 ? rule.Anchor(verified) : null, verified, generic, differs, LineOf());

        MatchLine? LineOf() =>
            generic ? new(NameOf(kind), "generic", 0)
            : telling.Count > 0 ? (rule.Anchor(verified) is null ? new(NameOf(kind), "equal", IdentifierRule.NoAnchor) : null)
            : !differs ? null
            : kind == IdentifierKind.Email && OneMailbox(mine, theirs) ? new(NameOf(kind), "same-without-plus", IdentifierRule.NoAnchor)
            : rule.Differs != 0 ? new(NameOf(kind), "differs", rule.Differs)
            : null;
    }

    static bool OneMailbox(List<Identifier> mine, List<Identifier> theirs) =>
        mine.Select(i => BlockingKeys.WithoutPlus(i.Value)).Intersect(theirs.Select(i => BlockingKeys.WithoutPlus(i.Value))).Any();
}
