namespace CrmPlatform.Customers.Identity;

/// <summary>How likely two customers are one: weight = base + the bits of the comparisons, p = 1/(1 + 2^−weight).</summary>
/// <param name="Weight">In bits, log2 of the odds.</param>
/// <param name="Lines">What adds up to the weight, in the order of the model.</param>
/// <param name="Contradicted">They cannot be one: both have valid identity numbers, and they differ.</param>
/// <param name="Anchored">They have an equal identifier that is worth something.</param>
/// <param name="VerifiedAnchor">One of those is verified on both sides and may link.</param>
/// <param name="Generic">They have an equal identifier that is generic.</param>
public sealed record MatchScore(
    double Weight,
    IReadOnlyList<MatchLine> Lines,
    bool Contradicted,
    bool Anchored,
    bool VerifiedAnchor,
    bool Generic
)
{
    /// <summary>The expected share of new records that repeat somebody.</summary>
    const double Repeats = .05;

    const long FewestCustomers = 1_000;
    static readonly string[] names = ["name", "given-name", "surname"];

    public double Probability => ProbabilityOf(Weight);

    /// <summary>The probability without what contradicts.</summary>
    public double ProbabilityOtherwise =>
        ProbabilityOf(Weight - Lines.Where(l => Contradicted && l.Comparison == "id-number").Sum(l => l.Bits));

    public bool NameDiffers => Lines.Any(l => l.Level == Comparison.Else && names.Contains(l.Comparison));

    public static double ProbabilityOf(double weight) => 1 / (1 + double.Exp2(-weight));

    /// <summary>Bits of the base where no identifier anchors the pair: log2(0.05/N), N at least 1,000.</summary>
    public static double Prior(long customers) => MatchLine.Round(Math.Log2(Repeats / Math.Max(FewestCustomers, customers)));

    /// <summary>The score of a pair; the order of the two does not matter.</summary>
    public static MatchScore Of(MatchProfile one, MatchProfile other, MatchModel model, MatchContext context)
    {
        var pairs = model.Identifiers
            ? Enum.GetValues<IdentifierKind>().Select(k => EqualIdentifier.Of(k, one, other, context)).ToList()
            : [];
        var anchors = pairs.Where(p => p.Anchor is not null).OrderByDescending(p => p.Anchor).ToList();
        List<MatchLine> lines =
        [
            anchors is [{ } first, ..]
                ? new(first.Name, first.Verified ? "equal-verified" : "equal", first.Anchor!.Value)
                : new("base", "prior", Prior(context.Customers)),
            .. anchors
                .Skip(1)
                .Select(
                    (a, i) =>
                        new MatchLine(
                            a.Name,
                            "also-equal",
                            i * IdentifierRule.Further < IdentifierRule.MostFurther ? IdentifierRule.Further : 0
                        )
                ),
            .. pairs.Select(p => p.Line).OfType<MatchLine>(),
            .. model.Comparisons.Select(c => c.Line(one, other, context.Share)).OfType<MatchLine>(),
        ];
        return new(
            MatchLine.Round(lines.Sum(l => l.Bits)),
            lines,
            Contradicted: pairs.Any(p => p is { Kind: IdentifierKind.IdNumber, Differs: true }),
            Anchored: anchors.Count > 0,
            VerifiedAnchor: anchors.Any(a => a.Verified && IdentifierRule.Of(a.Kind).Links),
            Generic: pairs.Any(p => p.Generic)
        );
    }
}
