namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What an entry of a statement is about.</summary>
public enum EntryKind
{
    Opened,
    Imported,
    Earned,
    Unlocked,
    Redeemed,
    Cancelled,
    Expired,
    Reversed,
    Adjusted,
    Transferred,
    Tier,
    Forgotten,
}

/// <summary>An entry of a statement.</summary>
/// <param name="CustomerId">The member whose account it is on.</param>
/// <param name="Version">Place in the account's stream.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Points">Signed: what the entry did to the balance.</param>
/// <param name="Balance">Balance of that account after it, in the order in which the platform learned of things.</param>
/// <param name="Reference">The purchase, redemption, transfer, lot or return.</param>
/// <param name="Note">Rule and its version, purpose, reason, the other side of a transfer, name of a tier, or what the programme before
/// this one called it.</param>
/// <param name="OccurredAt">When it happened.</param>
public sealed record StatementEntry(
    Guid CustomerId,
    long Version,
    EntryKind Kind,
    long Points,
    long? Balance,
    Guid? Reference,
    string? Note,
    DateTimeOffset OccurredAt
);
