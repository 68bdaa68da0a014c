using CrmPlatform.Portraits.Profiles;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Portraits;

/// <summary>Reads the live portrait, or folds the one of another moment, and asks customers for the profile where it is wanted.</summary>
public sealed class PortraitReader(NpgsqlDataSource db, PortraitTable portraits, CustomerProfiles customers, Business business)
{
    /// <param name="asOf">What had happened by then.</param>
    /// <param name="knownAt">What the rooms that told it had recorded by then.</param>
    /// <returns>Null where there is no such customer, or none at that moment.</returns>
    /// <exception cref="NeighbourAwayException">Nothing was heard of the customer yet, and customers, who would know, does not
    /// answer.</exception>
    public async Task<Portrait?> Of(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, bool withProfile, HttpContext caller)
    {
        var state = await State(id, asOf, knownAt, caller.RequestAborted) ?? new() { CustomerId = id };
        if (
            state.Kind is null
            && (asOf ?? knownAt) is not null
            && (await portraits.Read([id], caller.RequestAborted)) is [{ Kind: not null }]
        )
            return null; // not registered yet, or not known to be
        if (!withProfile && state.Kind is not null)
            return Portrait.Of(state, null, ProfileShown.NotAsked, asOf, knownAt);
        try
        {
            return await customers.Of(id, asOf, knownAt, caller) is { } profile
                ? Portrait.Of(state, profile, Shown(profile, withProfile), asOf, knownAt)
                : null;
        }
        catch (NeighbourAwayException) when (state.Kind is not null)
        {
            return Portrait.Of(state, null, ProfileShown.Away, asOf, knownAt);
        }
    }

    static string Shown(CustomerProfile profile, bool wanted) =>
        !wanted ? ProfileShown.NotAsked
        : profile.Personal == ProfileShown.Withheld ? ProfileShown.Withheld
        : ProfileShown.Told;

    async Task<PortraitState?> State(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, CancellationToken ct)
    {
        if (asOf is null && knownAt is null)
            return (await portraits.Read([id], ct)).SingleOrDefault();
        await using var connection = await db.OpenConnectionAsync(ct);
        return new PortraitState { CustomerId = id }.With(await Timeline.Of(connection, [id], asOf, knownAt, ct), business.Zone);
    }
}
