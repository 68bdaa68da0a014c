using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Identity;

/// <summary>
/// What a registration does if the customer may be known already: as its source says, otherwise the setting <c>Identity:Duplicates</c>.
/// </summary>
public sealed class DuplicatePolicies(KnownSources sources, IdentityOptions options)
{
    /// <param name="source">The system that the customer comes from; null if it was not named.</param>
    public async ValueTask<DuplicatePolicy> Of(string? source, CancellationToken ct) =>
        (await sources.Of(source, ct))?.Duplicates is { } said ? Enum.Parse<DuplicatePolicy>(said, ignoreCase: true) : options.Duplicates;
}
