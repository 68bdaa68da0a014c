using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>Looks before a registration whether the customer may be known already, as far as its source's policy asks for it.</summary>
public sealed class DuplicateCheck(
    DuplicatePolicies policies,
    FindMatches matches,
    KnownCustomers customers,
    IdentityOptions options,
    Business business,
    PersonalReader reader,
    IHttpContextAccessor accessor,
    TimeProvider clock
)
{
    public async ValueTask<bool> Blocks(RegisterCustomer command, CancellationToken ct) =>
        await policies.Of(command.Source, ct) == DuplicatePolicy.Block;

    /// <summary>Those who may be the same, where the policy is to name them and the caller may read customers.</summary>
    /// <exception cref="DuplicateException"><c>duplicate-customer</c>: the policy is to block, and somebody is almost certainly the same.
    /// </exception>
    public async Task<IReadOnlyList<Guid>> Of(Guid id, RegisterCustomer command, CancellationToken ct)
    {
        var policy = await policies.Of(command.Source, ct);
        if (policy == DuplicatePolicy.Allow || await IsKnown(id, command, ct))
            return [];
        var now = clock.GetUtcNow();
        var details = (command.Profile ?? new()).Details(command.Kind, command.Contacts, command.Addresses, now, business.Region);
        var profile = MatchProfile.Of(command.Kind, details, business.Region, options);
        var found = (await matches.Of(new SoughtProfile(profile, null, []), ct)).Where(m => m.Verdict != MatchVerdict.None).ToList();
        var named = accessor.HttpContext!.User.May("customers.read");
        if (policy == DuplicatePolicy.Block)
            found = [.. found.Where(m => MatchDecision.IsCertain(m.Score, m.Verdict, options)).Take(1)];
        if (named)
            await reader.Read([.. found.Select(m => m.CustomerId)]);
        if (policy == DuplicatePolicy.Block && found is [var same])
            throw Registered.Duplicate(named ? same.CustomerId : null);
        return named && policy == DuplicatePolicy.Alert ? [.. found.Select(m => m.CustomerId)] : [];
    }

    async Task<bool> IsKnown(Guid id, RegisterCustomer command, CancellationToken ct)
    {
        var references = command.Ids.Concat(command.OldIds).Select(x => new CustomerRef(null, x.System, x.Value)).Append(new(id));
        return (await customers.Resolve([.. references], ct)).Values.Any(known => known is not null);
    }
}
