using System.Reflection;
using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>What feedback may be about.</summary>
/// <param name="Code">Its code: <c>delivery-late</c>.</param>
/// <param name="Names">By language, as a BCP 47 tag: <c>zh</c>, <c>en</c>.</param>
/// <param name="Phrases">What a text says that is about it, Chinese or other words; the rules look for these.</param>
/// <param name="Parent">Code of the theme above it; null of one at the top. There are two levels.</param>
public sealed record Theme(
    [property: Required, Code] string Code,
    [property: Required, MinLength(1), MaxLength(10)] IReadOnlyDictionary<string, string> Names,
    [property: Required, MaxLength(100)] IReadOnlyList<string> Phrases,
    [property: Code] string? Parent = null
)
{
    public bool Equals(Theme? other) =>
        other is not null
        && (Code, Parent) == (other.Code, other.Parent)
        && Phrases.SequenceEqual(other.Phrases)
        && Names.OrderBy(n => n.Key, StringComparer.Ordinal).SequenceEqual(other.Names.OrderBy(n => n.Key, StringComparer.Ordinal));

    public override int GetHashCode() => HashCode.Combine(Code, Parent, Phrases.Count);
}

/// <summary>What was published holds from then on; codes of before stay with their version.</summary>
public sealed record CodebookPublished(int Version, IReadOnlyList<Theme> Themes, string By, DateTimeOffset OccurredAt);

/// <summary>The themes that there are, one codebook for all. Version 0 ships with the service.</summary>
public sealed record Codebook : IAggregate<Codebook, CodebookPublished>
{
    public static Codebook Initial { get; } = new();

    public static Stream<Codebook, CodebookPublished> Stream { get; } = new(NameId.For("codebook"));

    public int Version { get; private init; }
    public IReadOnlyList<Theme> Themes { get; private init; } = Shipped();
    public DateTimeOffset? PublishedAt { get; private init; }

    public Codebook Evolve(CodebookPublished e) => this with { Version = e.Version, Themes = e.Themes, PublishedAt = e.OccurredAt };

    /// <exception cref="RuleViolationException">There is no such theme.</exception>
    public string Known(string theme) =>
        Themes.Any(t => t.Code == theme)
            ? theme
            : throw new RuleViolationException("theme-unknown", $"The codebook has no theme {theme}; GET codebook lists them.", "theme");

    static List<Theme> Shipped()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("codebook.json")!;
        return JsonSerializer.Deserialize<List<Theme>>(file, EventStoreOptions.Json)!;
    }
}
