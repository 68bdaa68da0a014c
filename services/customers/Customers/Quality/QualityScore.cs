namespace CrmPlatform.Customers.Quality;

/// <summary>
/// How good what is known of a customer is: 100·(0.4·completeness + 0.3·validity + 0.3·timeliness), rounded to a tenth.
/// </summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Completeness">The share, by weight, of the required fields that are filled; 1 where none is required.</param>
/// <param name="Validity">1 less 0.2 for each broken rule that warns and 0.5 for each that blocks, at least 0. Waived ones cost nothing.
/// </param>
/// <param name="Timeliness">The mean of what is left of each verified contact's and address's time, max(0, 1 − age/limit); 0 where nothing
/// was verified.</param>
public readonly record struct QualityScore(double Score, QualityBand Band, double Completeness, double Validity, double Timeliness)
{
    /// <summary>Below which there is another band: scores are rounded before.</summary>
    const double Good = 80,
        Fair = 60;

    public static QualityScore Of(double completeness, double validity, double timeliness)
    {
        var score = Math.Round(100 * (0.4 * completeness + 0.3 * validity + 0.3 * timeliness), 1, MidpointRounding.AwayFromZero);
        return new(
            score,
            score >= Good ? QualityBand.Good
                : score >= Fair ? QualityBand.Fair
                : QualityBand.Poor,
            completeness,
            validity,
            timeliness
        );
    }

    public static QualityScore Of(Assessment customer, QualityRules rules, DateTimeOffset now) => Of(Lines(customer, rules, now));

    public static QualityScore Of(IEnumerable<QualityLine> lines)
    {
        var (filled, required, penalty, left, dated) = (0, 0, 0d, 0d, 0);
        foreach (var line in lines)
            if (line.Kind == RuleKind.Required)
            {
                required += line.Weight!.Value;
                filled += line.Share > 0 ? line.Weight.Value : 0;
            }
            else if (line.Kind == RuleKind.Fresh)
                (left, dated) = (left + line.Share, dated + 1);
            else if (line.Status == FindingStatus.Open)
                penalty += Penalty(line.Severity);
        return Of(required == 0 ? 1 : (double)filled / required, Math.Max(0, 1 - penalty), dated == 0 ? 0 : left / dated);
    }

    /// <summary>What each rule says of a customer at an instant.</summary>
    public static IEnumerable<QualityLine> Lines(Assessment customer, QualityRules rules, DateTimeOffset now)
    {
        foreach (var rule in rules.For(customer.Kind, customer.Source))
        {
            var check = rule.Check;
            var status = customer.Waived.GetValueOrDefault(rule.Id)?.Holds(now) == true ? FindingStatus.Waived : FindingStatus.Open;
            if (rule.Days is { } days)
            {
                var marks = rule.Id == QualityChecks.StaleContact ? customer.Contacts : customer.Addresses;
                for (var i = 0; i < marks.Length; i++)
                    if (marks[i] is { } verified)
                    {
                        var share = Math.Max(0, 1 - (now - verified.At) / TimeSpan.FromDays(days));
                        yield return Line($"{check.Field}[{i}]", Math.Min(1, share), verified);
                    }
            }
            else
                yield return Line(check.Field, customer.Fails(rule.Id) ? 0 : 1, customer.Checks.GetValueOrDefault(rule.Id)?.Since);

            QualityLine Line(string field, double share, Assessment.Mark? since) =>
                new(
                    Rule: rule.Id,
                    Kind: check.Kind,
                    Field: field,
                    Severity: rule.Severity,
                    Weight: rule.Weight,
                    Share: share,
                    Status: share > 0 ? null : status,
                    Since: since?.At,
                    SourceEvent: since?.Fact
                );
        }
    }

    static double Penalty(RuleSeverity severity) =>
        severity switch
        {
            RuleSeverity.Warn => 0.2,
            RuleSeverity.Block => 0.5,
            _ => 0,
        };
}
