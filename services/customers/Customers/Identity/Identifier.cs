namespace CrmPlatform.Customers.Identity;

/// <summary>What names one person, more or less.</summary>
public enum IdentifierKind
{
    /// <summary>Identity number of a person (GB 11643), or the social credit code of a company (GB 32100); valid ones only.</summary>
    IdNumber,
    Wechat,
    Email,

    /// <summary>A phone that may be a mobile one.</summary>
    Mobile,

    /// <summary>Any other phone: fixed lines, 400 numbers.</summary>
    Line,
}

/// <summary>An identifier of a customer, in its one spelling.</summary>
/// <param name="VerifiedAt">When it was last shown to be theirs; null if it never was.</param>
public sealed record Identifier(IdentifierKind Kind, string Value, DateTimeOffset? VerifiedAt = null);

/// <summary>
/// How a kind of identifier behaves. A share q of the pairs with an equal value is one person, which is log2(q/(1−q)) bits.
/// </summary>
/// <param name="Verified">q where both sides have shown that it is theirs; null where an equal value is no anchor.</param>
/// <param name="Unverified">q where they have not, or too long ago.</param>
/// <param name="Differs">Bits where both have values and none is equal.</param>
/// <param name="Most">A value of more customers than these is generic: it tells nothing.</param>
/// <param name="Ages">After how long a verification counts as none: numbers are given to others.</param>
/// <param name="Links">Whether two customers may be linked by it without being asked.</param>
public sealed record IdentifierRule(
    double? Verified,
    double? Unverified,
    double Differs,
    int Most,
    TimeSpan? Ages = null,
    bool Links = true
)
{
    /// <summary>Bits of each further equal kind of identifier, their most, and bits of an equal one that is no anchor.</summary>
    public const double Further = 6,
        MostFurther = 12,
        NoAnchor = 4;

    public static IdentifierRule Of(IdentifierKind kind) =>
        kind switch
        {
            IdentifierKind.IdNumber => new(.999, .999, Differs: -12, Most: 2, Links: false),
            IdentifierKind.Wechat => new(.98, .98, Differs: 0, Most: 2),
            IdentifierKind.Email => new(.93, .80, Differs: -.5, Most: 3),
            IdentifierKind.Mobile => new(.85, .60, Differs: -.5, Most: 4, Ages: TimeSpan.FromDays(180)),
            _ => new(null, null, Differs: 0, Most: 50),
        };

    /// <summary>Whether a verification still counts at an instant.</summary>
    public bool Counts(DateTimeOffset? verified, DateTimeOffset now) => verified is { } at && (Ages is not { } ages || now - at < ages);

    /// <summary>Bits of an equal value; null if it is no anchor.</summary>
    public double? Anchor(bool verified) => (verified ? Verified : Unverified) is { } q ? MatchLine.Round(Math.Log2(q / (1 - q))) : null;
}
