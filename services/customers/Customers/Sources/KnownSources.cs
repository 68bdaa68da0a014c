using BitFaster.Caching;
using BitFaster.Caching.Lru;

namespace CrmPlatform.Customers.Sources;

/// <summary>
/// What the company says of its sources. It is kept in memory: a change holds here at once, in other replicas within five seconds.
/// </summary>
public sealed class KnownSources(EventStore store)
{
    readonly IAsyncCache<string, SourceDescribed?> known = new ConcurrentLruBuilder<string, SourceDescribed?>()
        .WithCapacity(1_000)
        .WithExpireAfterWrite(TimeSpan.FromSeconds(5))
        .AsAsyncCache()
        .Build();

    /// <returns>Null of one that nobody has described, and where none is named.</returns>
    public ValueTask<SourceDescribed?> Of(string? source, CancellationToken ct) =>
        source is null
            ? ValueTask.FromResult<SourceDescribed?>(null)
            : known.GetOrAddAsync(source, async code => (await store.Read(Source.Of(code), ct)).State.Described);

    public void Changed(string source) => known.TryRemove(source);
}
