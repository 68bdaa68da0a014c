using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>A finding need not be mended: it costs nothing until then or its field changes. The same again changes nothing.</summary>
/// <param name="CustomerId">Whose finding it is.</param>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Reason">Why, as a code in the business's words: <c>foreigner</c>.</param>
/// <param name="Until">Until before when, which is still to come; for good if left out.</param>
public sealed record WaiveFinding(
    Guid CustomerId,
    [property: Required, StringLength(40)] string Rule,
    [property: Required, Code] string Reason,
    DateTimeOffset? Until = null
)
{
    /// <exception cref="RuleViolationException"><c>rule-unknown</c>, <c>no-such-finding</c>: the customer does not break the rule, or
    /// <c>until-is-past</c>.</exception>
    public ICustomerEvent[] Decide(Customer customer, QualityRules rules, DateTimeOffset now, string region)
    {
        var rule = FindingRows.Known(rules, Rule);
        var details = customer.Known().Details;
        var until = Until?.ToUniversalTime();
        if (until <= now)
            throw new RuleViolationException("until-is-past", $"It is {now:O} already.", "until");
        if (details is null || !rule.IsFor(customer.Kind, customer.Source) || !IsBroken(rule, customer, details, now, region))
            throw new RuleViolationException("no-such-finding", "This customer does not break this rule.", "rule");
        return customer.Waived.GetValueOrDefault(Rule) is { } there && (there.Reason, there.Until) == (Reason, until)
            ? []
            : [new FindingWaived(Rule, rule.Check.Field, Reason, until, now)];
    }

    static bool IsBroken(QualityRule rule, Customer customer, PersonalDetails details, DateTimeOffset now, string region) =>
        rule.Days is not { } days
            ? rule.Check.Fails(new(customer.Kind, details, customer.Consents.Count > 0, region))
            : (
                rule.Id == QualityChecks.StaleContact
                    ? details.Contacts.Select(c => c.VerifiedAt)
                    : details.Addresses.Select(a => a.VerifiedAt)
            ).Any(at => at?.AddDays(days) <= now);

    public static void Map(CrmService room) =>
        room.MapPost(
                "quality/findings/waive",
                "Say that a finding need not be mended",
                "customers.quality.write",
                async (WaiveFinding command, Request request, EventStore store, KnownRules known, Business business) =>
                {
                    var rules = await known.Now(request.Cancelled);
                    return request.Done(
                        await store.Write(
                            request,
                            Customer.Of(command.CustomerId),
                            c => command.Decide(c, rules, request.Now, business.Region)
                        )
                    );
                }
            )
            .Refuses("rule-unknown", "no-such-finding", "until-is-past", "customer-unknown", "customer-forgotten");
}
