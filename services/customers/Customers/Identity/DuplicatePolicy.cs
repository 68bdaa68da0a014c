namespace CrmPlatform.Customers.Identity;

/// <summary>What a registration does if the customer may be known already.</summary>
public enum DuplicatePolicy
{
    /// <summary>It is registered; whoever may be the same is found afterwards.</summary>
    Allow,

    /// <summary>It is registered, and the answer names whoever may be the same.</summary>
    Alert,

    /// <summary>It is refused if somebody is almost certainly the same.</summary>
    Block,
}
