using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>Refuses profiles that break a rule which blocks.</summary>
public sealed class QualityGate(KnownRules known, Business business)
{
    public async ValueTask<PassProfileGate> Ask(CancellationToken ct)
    {
        var rules = await known.Now(ct);
        return (customer, facts) => Pass(rules, customer, facts, business.Region);
    }

    /// <exception cref="RuleViolationException"><c>quality-</c> and the rule that is broken.</exception>
    public static ICustomerEvent[] Pass(QualityRules rules, Customer customer, ICustomerEvent[] facts, string region)
    {
        if (facts.Length == 0 || rules.Rules.All(r => r.Severity != RuleSeverity.Block))
            return facts;
        var after = facts.Aggregate(customer, (c, fact) => c.Evolve(fact));
        if (after.Details is not { } details || ReferenceEquals(details, customer.Details))
            return facts;
        var profile = new Checked(after.Kind, details, after.Consents.Count > 0, region);
        return
            rules.For(after.Kind, after.Source).FirstOrDefault(r => r.Severity == RuleSeverity.Block && r.Check.Fails(profile))
                is { } broken
            ? throw broken.Check.Refusal()
            : facts;
    }
}
