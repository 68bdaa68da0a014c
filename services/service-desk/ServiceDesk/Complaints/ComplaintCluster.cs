namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Many complaints about the same thing with the same cause within a few days.</summary>
/// <param name="From">The first of them was opened then.</param>
/// <param name="Until">Those up to here belong to it, too.</param>
/// <param name="OccurredAt">When the complaint was opened that made it one, not the time at which the due work found it.</param>
public sealed record ClusterFound(string Category, string Cause, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset OccurredAt);

/// <summary>The clusters of a category and a cause; no complaint belongs to two.</summary>
public sealed record ComplaintCluster : IAggregate<ComplaintCluster, ClusterFound>
{
    public static readonly TimeSpan Within = TimeSpan.FromDays(7);

    /// <summary>So many make a cluster.</summary>
    public const int Least = 5;

    public static ComplaintCluster Initial { get; } = new();

    public static Stream<ComplaintCluster, ClusterFound> Of(string category, string cause) =>
        new(NameId.For("complaint-cluster", category, cause));

    public DateTimeOffset? Until { get; private init; }

    public ComplaintCluster Evolve(ClusterFound found) => this with { Until = found.Until };
}
