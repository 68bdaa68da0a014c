using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Tests.Tags;

/// <summary>Words of the dictionary and customers' facts, for decisions without a database.</summary>
static class GivenTags
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    public static TagWord Word(string code, TagDefinition? definition = null, bool retired = false, params string[] also) =>
        new(code, new(code, definition ?? TagDefinition.Plain, retired, null, [.. also]));

    public static TagWord OfGroup(string code, string group) => Word(code, new(Group: group));

    public static HeldTags After(this HeldTags held, IEnumerable<ICustomerEvent> facts) => facts.Aggregate(held, (h, f) => h.Evolve(f));

    /// <summary>The codes at an instant, each with its origins.</summary>
    public static string[] Shown(this HeldTags held, DateTimeOffset at, TagJoins? joins = null) =>
        [
            .. held.At(at, joins ?? TagJoins.None)
                .Select(t => $"{t.Tag}: {string.Join(' ', t.Origins.Select(o => o.Origin.ToString().ToLowerInvariant()))}")
                .Order(StringComparer.Ordinal),
        ];
}
