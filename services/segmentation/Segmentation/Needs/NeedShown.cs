using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>What is shown of a customer's needs.</summary>
static class NeedShown
{
    /// <summary>Closer together than this, two needs are as good as one another.</summary>
    public const double Ambiguous = 0.1;

    public static IReadOnlyList<NeedView> All(NeedDecision decision, NeedsRunRow? run, NeedHistory? history, Business business) =>
        [
            .. decision
                .Marks.Said.Where(s => s.Value is not NeedReopened)
                .Select(s => s.Key)
                .Union([NeedCodes.Price])
                .Order(StringComparer.Ordinal)
                .Select(code => View(code, decision, run, history, business)),
        ];

    /// <summary>
    /// The one need that was declared; where none was, of the inferred ones the one whose strength is furthest above the mean of all. Null
    /// where there is none, where several were declared, or where the two that are furthest are within a tenth of a standard deviation.
    /// </summary>
    /// <param name="distance">(strength − m) / σ of a need.</param>
    public static string? Primary(IReadOnlyList<StandingNeed> standing, Func<string, double?> distance)
    {
        var declared = standing.Where(n => n.Origin == StandingNeed.Declared).ToList();
        if (declared.Count > 0)
            return declared.Count == 1 ? declared[0].Code : null;
        var furthest = standing
            .Select(n => (n.Code, Distance: distance(n.Code) ?? double.NegativeInfinity))
            .OrderByDescending(n => n.Distance)
            .ToList();
        return furthest is [var first, .. var others] && (others is [] || first.Distance - others[0].Distance >= Ambiguous)
            ? first.Code
            : null;
    }

    static NeedView View(string code, NeedDecision decision, NeedsRunRow? run, NeedHistory? history, Business business)
    {
        var said = decision.Marks.Said.GetValueOrDefault(code);
        if (said is NeedDeclared declared)
            return new(code, "declared", null, declared.OccurredAt, declared.By, declared.Source, null);
        if (said is NeedContested contested)
            return new(code, "contested", null, contested.OccurredAt, null, contested.Reason, null);
        if (decision.Barred(code) is { } barred)
            return new(code, barred, null, null, null, null, null);
        var scale = run?.Fact.Scales.FirstOrDefault(s => s.Code == code);
        var count = scale is null ? default : history!.Count(run!.Window(business));
        var inferred = decision.Needs.Inferred.GetValueOrDefault(code);
        var state =
            inferred is not null ? "inferred"
            : scale is null || scale.Strength(count) is null ? "unknown"
            : scale.Off ? "off"
            : "none";
        var measured = scale is null ? null : Measured(scale, count, history!.Shown(run!.Window(business)));
        return new(code, state, inferred?.Band, inferred?.OccurredAt, null, null, measured);
    }

    static NeedMeasured Measured(NeedScale scale, NeedCount count, IReadOnlyList<Guid> evidence) =>
        new(
            count.Counted,
            count.Orders,
            Rounded(scale.Strength(count)),
            Math.Round(scale.Mean, 6),
            scale.Deviation,
            Rounded(scale.Distance(count)),
            evidence
        );

    static double? Rounded(double? number) => number is { } x ? Math.Round(x, 4) : null;
}
