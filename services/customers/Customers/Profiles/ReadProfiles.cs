using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Sources;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Reads a customer's profile from the log, with those of the customers with whom it is one.</summary>
public sealed class ReadProfiles(EventStore store, KnownSources sources, KnownTags tags, TimeProvider clock)
{
    /// <param name="asOf">What had happened by then. Who is one with whom is not a matter of when: the links of now hold at every
    /// moment.</param>
    /// <param name="knownAt">What had been recorded by then, links too.</param>
    public async Task<CustomerProfile?> Of(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, CancellationToken ct)
    {
        var facts = await store.FetchStream(id, ct: ct);
        var asked = await Fold(facts, asOf, knownAt, ct);
        var group = GroupOf(id, facts, knownAt);
        if (group.IsAlone || asked is { Forgotten: true })
            return asked;
        var members = new List<GroupProfile.Member>();
        foreach (var member in group.Members)
        {
            var told = member == id ? facts : await store.FetchStream(member, ct: ct);
            if (await Fold(told, asOf, knownAt, ct) is { Forgotten: false } profile)
                members.Add(new(profile, await Trust(told, profile, ct)));
        }
        // Another member may have been there before the one that was asked for.
        return members is [var first, ..]
            ? GroupProfile.Of(asked ?? first.Profile with { Id = id, Version = facts[^1].Version }, group, members)
            : null;
    }

    /// <summary>The group that a customer's facts say.</summary>
    public static Group GroupOf(Guid id, IReadOnlyList<RecordedEvent> facts, DateTimeOffset? knownAt = null) =>
        facts.LastOrDefault(e => e.Data is IGroupFact && !(e.RecordedAt > knownAt))?.Data is IGroupFact { Links.Count: > 0 } group
            ? new(group.SurvivorId, group.Links)
            : Group.Alone(id);

    async Task<CustomerProfile?> Fold(
        IReadOnlyList<RecordedEvent> facts,
        DateTimeOffset? asOf,
        DateTimeOffset? knownAt,
        CancellationToken ct
    )
    {
        var joins = await tags.JoinsOf(facts.Select(e => e.Data).OfType<CustomerTagged>().Select(t => t.Tag), ct);
        return CustomerProfile.Fold(facts, clock.GetUtcNow(), asOf, knownAt, joins);
    }

    /// <summary>How far the source that told the profile is trusted.</summary>
    async Task<int> Trust(IReadOnlyList<RecordedEvent> facts, CustomerProfile profile, CancellationToken ct)
    {
        var source = facts.FirstOrDefault(e => e.Id == profile.ProfileSource)?.Metadata.Source ?? profile.Source;
        return (await sources.Of(source, ct))?.Trust ?? Source.DefaultTrust;
    }
}
