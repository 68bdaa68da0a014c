namespace CrmPlatform.Customers.Quality;

/// <summary>The rules that hold.</summary>
/// <param name="Rules">Their version: 1 until somebody publishes others.</param>
/// <param name="Items">The rules, each with the check that it makes count.</param>
/// <param name="Checks">All there are, also those that do not count.</param>
/// <param name="Version">What If-Match takes when others are published.</param>
public sealed record GetRules(int Rules, IReadOnlyList<QualityRule> Items, IReadOnlyList<GetRules.Check> Checks, long Version)
{
    /// <summary>What can be asked of a profile.</summary>
    /// <param name="Id">Its name in rules and findings.</param>
    /// <param name="Field">The field that it is about.</param>
    /// <param name="Kind">What it asks, and where it counts: <c>required</c> in completeness, by a weight; <c>fresh</c> in timeliness, by a
    /// number of days; the others in validity, by their severity.</param>
    /// <param name="Expected">What it expects.</param>
    public sealed record Check(string Id, string Field, RuleKind Kind, string Expected);

    public static void Map(CrmService room) =>
        room.MapGet(
                "quality/rules",
                "The rules of data quality, and all that there may be",
                "customers.quality.read",
                async (EventStore store, HttpContext http, CancellationToken ct) =>
                {
                    var (rules, version) = await store.Read(QualityRules.Stream, ct);
                    http.Response.Headers.ETag = $"\"{version}\"";
                    return new GetRules(
                        rules.Version,
                        rules.Rules,
                        [.. QualityChecks.All.Select(c => new Check(c.Id, c.Field, c.Kind, c.Expected))],
                        version
                    );
                }
            )
            .Produces<GetRules>();
}
