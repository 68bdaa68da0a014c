namespace CrmPlatform.Customers.Identity;

/// <summary>One policy for all sources: <c>Identity:Duplicates</c>.</summary>
public sealed class DuplicateSetting(IdentityOptions options) : IDuplicatePolicies
{
    public DuplicatePolicy Of(string? source) => options.Duplicates;
}
