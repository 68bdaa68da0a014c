using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>An account of a group, with all that time alone has made of it.</summary>
/// <param name="Version">Version of its stream; 0 as of an earlier instant.</param>
public sealed record MemberAccount(Guid CustomerId, LoyaltyAccount Account, long Version)
{
    /// <summary>The open accounts of customers who are one person, as they are now; the survivor's first.</summary>
    public static async Task<IReadOnlyList<MemberAccount>> Of(
        IEnumerable<Guid> members,
        EventStore store,
        LoyaltyRules rules,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var accounts = new List<MemberAccount>();
        foreach (var member in members)
            if (await store.Read(LoyaltyAccount.Of(member), ct) is ({ IsOpen: true } account, var version))
                accounts.Add(new(member, new Ledger(account, rules).Pass(now).Account, version));
        return accounts;
    }

    /// <summary>The same as of an earlier instant: what had happened by then, whenever the platform learned of it.</summary>
    public static async Task<IReadOnlyList<MemberAccount>> AsOf(
        IEnumerable<Guid> members,
        EventStore store,
        LoyaltyRules rules,
        DateTimeOffset at,
        CancellationToken ct
    )
    {
        var accounts = new List<MemberAccount>();
        foreach (var member in members)
        {
            var facts = (await store.FetchStream(member, ct: ct)).Select(e => e.Data).OfType<IAccountEvent>();
            if (LoyaltyAccount.Initial.After(facts.Where(f => f.OccurredAt <= at)) is { IsOpen: true } account)
                accounts.Add(new(member, new Ledger(account, rules).Pass(at).Account, Version: 0));
        }
        return accounts;
    }
}
