namespace CrmPlatform.Customers.Profiles;

/// <summary>Why a field of a profile was corrected.</summary>
/// <param name="Field">The field.</param>
/// <param name="Reason">A code in the business's words.</param>
/// <param name="Batch">The client's name for what was corrected together.</param>
public sealed record Correction(string Field, string Reason, string? Batch);
