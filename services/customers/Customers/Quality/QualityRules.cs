using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>The rules that hold, and their version: 1 is what they are until somebody publishes others.</summary>
public sealed record QualityRules(int Version, IReadOnlyList<QualityRule> Rules) : IAggregate<QualityRules, IQualityRulesEvent>
{
    public static QualityRules Initial { get; } =
        new(
            1,
            [
                new("name-missing", Weight: 3),
                new("contact-missing", Weight: 3),
                new("consent-missing", Weight: 2),
                new("birth-date-missing", Weight: 1, AppliesTo: new(CustomerKind.Individual)),
                new("city-missing", Weight: 1),
                new("gender-missing", Weight: 1, AppliesTo: new(CustomerKind.Individual)),
                new("language-missing", Weight: 1),
                new("industry-missing", Weight: 1, AppliesTo: new(CustomerKind.Enterprise)),
                .. QualityChecks
                    .All.Where(c => c.Kind is not (RuleKind.Required or RuleKind.Fresh))
                    .Select(c => new QualityRule(c.Id, RuleSeverity.Warn)),
                new(QualityChecks.StaleContact, Days: 365),
                new(QualityChecks.StaleAddress, Days: 730),
            ]
        );

    /// <summary>The one stream of rules.</summary>
    public static readonly Guid Id = NameId.For("quality-rules", "all");

    public static Stream<QualityRules, IQualityRulesEvent> Stream { get; } = new(Id);

    public QualityRules Evolve(IQualityRulesEvent @event) => @event is QualityRulesPublished e ? new(e.Version, e.Rules) : this;

    /// <summary>The rules for a customer of a kind, whom a system registered.</summary>
    public IEnumerable<QualityRule> For(CustomerKind kind, string? source) => Rules.Where(r => r.IsFor(kind, source));
}

public interface IQualityRulesEvent;

/// <param name="Version">One more than before.</param>
/// <param name="Rules">All that hold from now on.</param>
public sealed record QualityRulesPublished(int Version, IReadOnlyList<QualityRule> Rules, DateTimeOffset OccurredAt) : IQualityRulesEvent;
