using System.Text.RegularExpressions;

namespace CrmPlatform.Customers.Tags;

/// <summary>What a tag is called, and what holds for whom it is given from now on; who has it already keeps it as it was given.</summary>
/// <param name="Names">What it is called, by language tag: <c>zh-CN</c>, <c>en</c>; each 1 to 30 characters.</param>
/// <param name="Group">A customer has one tag of a group at most: <c>size</c>. Null for a tag that goes with every other.</param>
/// <param name="ExpiresDays">How many days of 24 hours it stays on a customer, 1 to 3,650; null if it stays.</param>
/// <param name="Sensitive">True for what rules and inferences must not say of a person: health, religion, a minor.</param>
public sealed partial record TagDefinition(
    [property: MaxLength(20)] IReadOnlyDictionary<string, string>? Names = null,
    [property: Code(60)] string? Group = null,
    [property: Range(1, 3_650)] int? ExpiresDays = null,
    bool Sensitive = false
)
{
    /// <summary>That of a word which was used before it was defined.</summary>
    public static TagDefinition Plain { get; } = new();

    /// <summary>The same definition with its names trimmed.</summary>
    /// <exception cref="RuleViolationException"><c>invalid-name</c>.</exception>
    public TagDefinition Checked() =>
        Names is null ? this
        : Names.All(n => Language().IsMatch(n.Key) && n.Value is not null && IsName(n.Value))
            ? this with
            {
                Names = Names.ToDictionary(n => n.Key, n => Keys.Normal(n.Value)),
            }
        : throw new RuleViolationException(
            "invalid-name",
            "A name has a language like zh or pt-BR and 1 to 30 characters, none of them a control or invisible one.",
            "definition.names"
        );

    /// <summary>Whether both say the same.</summary>
    public bool Says(TagDefinition other) =>
        this with { Names = null } == other with { Names = null }
        && (Names ?? nameless).Count == (other.Names ?? nameless).Count
        && (Names ?? nameless).All(n => (other.Names ?? nameless).TryGetValue(n.Key, out var name) && name == n.Value);

    static readonly IReadOnlyDictionary<string, string> nameless = new Dictionary<string, string>();

    static bool IsName(string name) => new KeyTextAttribute(30).IsValid(Keys.Normal(name));

    [GeneratedRegex(@"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\z")]
    private static partial Regex Language();
}
