namespace CrmPlatform.Customers.Companies;

/// <summary>How well a company is known by those who matter in a purchase.</summary>
/// <param name="CompanyId">Id of the company.</param>
/// <param name="AsOf">The moment.</param>
/// <param name="Covered">Whether the company has a decider.</param>
/// <param name="Share">Of the roles decider, approver, champion and user, the share that somebody fills with whom was spoken in the 90 days
/// before, from 0 to 1.</param>
/// <param name="Roles">These four roles.</param>
public sealed record Coverage(Guid CompanyId, DateTimeOffset AsOf, bool Covered, decimal Share, IReadOnlyList<Coverage.RoleCovered> Roles)
{
    /// <summary>How long it counts that somebody was spoken with.</summary>
    public const int Days = 90;

    static readonly BuyingRole[] counted = [BuyingRole.Decider, BuyingRole.Approver, BuyingRole.Champion, BuyingRole.User];

    /// <summary>One of the roles that count.</summary>
    /// <param name="Role"><c>decider</c>, <c>approver</c>, <c>champion</c> or <c>user</c>.</param>
    /// <param name="Contacts">The contacts who have it.</param>
    /// <param name="Filled">Whether one of them was spoken with in the 90 days before.</param>
    public sealed record RoleCovered(BuyingRole Role, IReadOnlyList<Guid> Contacts, bool Filled);

    /// <summary>A contact who has a role at the moment.</summary>
    /// <param name="Spoken">Whether the contact was spoken with in the 90 days before.</param>
    public sealed record Holder(Guid ContactId, BuyingRole Role, bool Spoken);

    public static Coverage Of(Guid company, DateTimeOffset at, IReadOnlyCollection<Holder> holders)
    {
        var roles = counted
            .Select(role => (Role: role, Holders: holders.Where(h => h.Role == role).ToList()))
            .Select(r => new RoleCovered(r.Role, [.. r.Holders.Select(h => h.ContactId).Distinct().Order()], r.Holders.Any(h => h.Spoken)))
            .ToList();
        return new(company, at, roles[0].Contacts.Count > 0, roles.Count(r => r.Filled) / (decimal)counted.Length, roles);
    }
}
