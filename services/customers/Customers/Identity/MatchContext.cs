namespace CrmPlatform.Customers.Identity;

/// <summary>What a pair is compared in besides their profiles.</summary>
/// <param name="Customers">How many customers (groups, where some are linked) there are.</param>
/// <param name="Share">How common names are.</param>
/// <param name="IsGeneric">Whether a value belongs to too many customers to tell anything.</param>
/// <param name="Now">By which verifications age.</param>
public sealed record MatchContext(long Customers, NameShare Share, Func<Identifier, bool> IsGeneric, DateTimeOffset Now);
