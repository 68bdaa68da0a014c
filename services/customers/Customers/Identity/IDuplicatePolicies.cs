namespace CrmPlatform.Customers.Identity;

/// <summary>What a registration from a source does if the customer may be known already.</summary>
public interface IDuplicatePolicies
{
    /// <param name="source">The system that the customer comes from; null if it was not named.</param>
    DuplicatePolicy Of(string? source);
}
