namespace CrmPlatform.Customers.Quality;

/// <summary>
/// The rules that hold from now on; those that are not given hold no more. Scores and findings follow at once, profiles stay. The same
/// rules again change nothing. Send If-Match with the version of the preview: rules that others published since are not replaced.
/// </summary>
/// <param name="Rules">All rules, each check at most once.</param>
public sealed record PublishRules([property: Required, MaxLength(100)] IReadOnlyList<QualityRule> Rules)
{
    public IQualityRulesEvent[] Decide(QualityRules rules, DateTimeOffset now)
    {
        var valid = Valid();
        return rules.Rules.SequenceEqual(valid) ? [] : [new QualityRulesPublished(rules.Version + 1, valid, now)];
    }

    /// <exception cref="RuleViolationException"><c>rule-unknown</c>, <c>rule-twice</c>, or <c>rule-incomplete</c>: it lacks what its kind
    /// needs, or has what it has no use for.</exception>
    public IReadOnlyList<QualityRule> Valid()
    {
        for (var i = 0; i < Rules.Count; i++)
        {
            var (rule, field) = (Rules[i], $"rules[{i}]");
            if (QualityChecks.Of(rule.Id) is not { Kind: var kind })
                throw new RuleViolationException(
                    "rule-unknown",
                    "There is no such check; GET quality/rules lists all there are.",
                    $"{field}.id"
                );
            if (Rules.Take(i).Any(r => r.Id == rule.Id))
                throw new RuleViolationException("rule-twice", $"{rule.Id} is given twice.", $"{field}.id");
            if ((kind == RuleKind.Required) != rule.Weight is not null)
                throw Incomplete(rule, "weight", kind == RuleKind.Required);
            if ((kind == RuleKind.Fresh) != rule.Days is not null)
                throw Incomplete(rule, "days", kind == RuleKind.Fresh);
            if (kind == RuleKind.Fresh && rule.Severity != RuleSeverity.Info)
                throw new RuleViolationException(
                    "rule-incomplete",
                    $"What is stale counts in timeliness alone: the severity of {rule.Id} is info.",
                    $"{field}.severity"
                );

            RuleViolationException Incomplete(QualityRule of, string what, bool needed) =>
                new RuleViolationException(
                    "rule-incomplete",
                    $"{of.Id} {(needed ? "needs" : "has no use for")} {what}.",
                    $"{field}.{what}"
                );
        }
        return Rules;
    }

    public static void Map(CrmService room) =>
        room.MapPut(
                "quality/rules",
                "Publish the rules of data quality",
                "customers.quality.rules",
                async (PublishRules command, Request request, EventStore store, KnownRules known) =>
                {
                    var done = await store.Write(request, QualityRules.Stream, rules => command.Decide(rules, request.Now));
                    known.Forget();
                    return request.Done(done);
                }
            )
            .Refuses("rule-unknown", "rule-twice", "rule-incomplete");
}
