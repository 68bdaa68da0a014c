namespace CrmPlatform.Customers.Profiles;

/// <summary>Gives back the facts that were decided, unless they hold a profile that a rule of quality refuses.</summary>
/// <param name="customer">The customer before.</param>
/// <exception cref="RuleViolationException"><c>quality-</c> and the rule that is broken.</exception>
public delegate ICustomerEvent[] PassProfileGate(Customer customer, ICustomerEvent[] facts);

/// <summary>Asks which rules refuse profiles now.</summary>
public delegate ValueTask<PassProfileGate> AskProfileGate(CancellationToken ct);

/// <summary>What the gate refuses with.</summary>
static class ProfileGate
{
    /// <summary>One for each rule that there may be.</summary>
    public static readonly string[] Codes =
    [
        "quality-name-missing",
        "quality-contact-missing",
        "quality-consent-missing",
        "quality-birth-date-missing",
        "quality-city-missing",
        "quality-gender-missing",
        "quality-language-missing",
        "quality-industry-missing",
        "quality-age-band-missing",
        "quality-income-band-missing",
        "quality-household-size-missing",
        "quality-marital-status-missing",
        "quality-province-missing",
        "quality-company-size-missing",
        "quality-id-number-missing",
        "quality-address-missing",
        "quality-preferences-missing",
        "quality-phone-format",
        "quality-email-format",
        "quality-id-number-format",
        "quality-id-number-birth-date",
        "quality-id-number-gender",
        "quality-postal-code-format",
        "quality-postal-code-province",
        "quality-district-unknown",
    ];
}
