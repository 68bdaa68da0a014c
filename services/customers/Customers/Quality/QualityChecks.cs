using System.Collections.Frozen;

namespace CrmPlatform.Customers.Quality;

/// <summary>Everything that can be asked of a profile.</summary>
public static class QualityChecks
{
    public const string StaleContact = "contact-stale",
        StaleAddress = "address-stale";

    /// <summary>In the order in which they are shown.</summary>
    public static readonly IReadOnlyList<QualityCheck> All =
    [
        .. RequiredChecks.All,
        .. ValidityChecks.All,
        new("quality-" + StaleContact, "contacts", RuleKind.Fresh, "A verified contact must be verified again in time.", _ => false),
        new("quality-" + StaleAddress, "addresses", RuleKind.Fresh, "A verified address must be verified again in time.", _ => false),
    ];

    static readonly FrozenDictionary<string, QualityCheck> byId = All.ToFrozenDictionary(c => c.Id, StringComparer.Ordinal);

    /// <summary>The errors with which a profile can be refused.</summary>
    public static readonly string[] Codes = [.. All.Where(c => c.Kind != RuleKind.Fresh).Select(c => c.Code)];

    public static QualityCheck? Of(string id) => byId.GetValueOrDefault(id);
}
