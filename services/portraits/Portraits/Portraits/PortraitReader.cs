using CrmPlatform.Portraits.Profiles;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Portraits;

/// <summary>Reads the live portrait, or folds the one of another moment, and asks customers for the profile where it is wanted.</summary>
public sealed class PortraitReader(NpgsqlDataSource db, PortraitTable portraits, CustomerProfiles customers)
{
    /// <param name="asOf">What had happened by then.</param>
    /// <param name="knownAt">What the rooms that told it had recorded by then.</param>
    /// <returns>Null where there is no such customer, or none at that moment.</returns>
    /// <exception cref="NeighbourAwayException">Nothing was heard of the customer yet, and customers, who would know, does not
    /// answer.</exception>
    public async Task<Portrait?> Of(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, bool withProfile, HttpContext caller)
    {
        var (group, state) = await State(id, asOf, knownAt, caller.RequestAborted);
        if (
            state.Kind is null
            && (asOf ?? knownAt) is not null
            && (await State(id, null, null, caller.RequestAborted)).State.Kind is not null
        )
            return null; // not registered yet, or not known to be
        if (!withProfile && state.Kind is not null)
            return Portrait.Of(state, group, null, ProfileShown.NotAsked, asOf, knownAt);
        try
        {
            return await customers.Of(id, asOf, knownAt, caller) is { } profile
                ? Portrait.Of(state, group, profile, Shown(profile, withProfile), asOf, knownAt)
                : null;
        }
        catch (NeighbourAwayException) when (state.Kind is not null)
        {
            return Portrait.Of(state, group, null, ProfileShown.Away, asOf, knownAt);
        }
    }

    static string Shown(CustomerProfile profile, bool wanted) =>
        !wanted ? ProfileShown.NotAsked
        : profile.Personal == ProfileShown.Withheld ? ProfileShown.Withheld
        : ProfileShown.Told;

    async Task<(Group? Group, PortraitState State)> State(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, CancellationToken ct)
    {
        var (group, members) = asOf is null && knownAt is null ? await portraits.Read(id, ct) : await Fold(id, asOf, knownAt, ct);
        return (group, PortraitState.Of(id, group, members));
    }

    /// <summary>The group is that of now, or that which was known then: a link has no date in the customers' own time.</summary>
    async Task<(Group?, IReadOnlyList<PortraitState>)> Fold(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var group = await Group.Of(connection, id, knownAt, ct);
        return (group, portraits.Fold(await Timeline.Of(connection, [.. group?.Members ?? [id]], asOf, knownAt, ct)));
    }
}
