namespace CrmPlatform.Customers.Profiles;

/// <summary>A fact by which the quality of what is known of a customer changes.</summary>
public interface IQualityFact : ICustomerEvent;

/// <summary>Somebody decided that a finding need not be mended. It costs nothing until then, or until the field changes.</summary>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Field">The field that it is about.</param>
/// <param name="Reason">A code in the business's words: <c>foreigner</c>.</param>
/// <param name="Until">Until before when; null if for good.</param>
public sealed record FindingWaived(string Rule, string Field, string Reason, DateTimeOffset? Until, DateTimeOffset OccurredAt)
    : IQualityFact;

/// <summary>The field of a waived finding changed.</summary>
public sealed record FindingReopened(string Rule, DateTimeOffset OccurredAt) : IQualityFact;
