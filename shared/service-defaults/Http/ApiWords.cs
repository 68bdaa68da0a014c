using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// What a property or parameter means wherever nothing says it more exactly: one word per thing, in all rooms (docs/glossary.md).
/// </summary>
static class ApiWords
{
    static readonly FrozenDictionary<string, string> words = new Dictionary<string, string>
    {
        ["baseCurrency"] = "The company's currency, in which values are compared, as an ISO 4217 code.",
        ["currency"] = "Currency of the amounts, as an ISO 4217 code: `CNY`.",
        ["customerId"] = "Id of the customer.",
        ["occurredAt"] = "When it happened.",
        ["recordedAt"] = "When the room recorded it.",
        ["sourceEvent"] = "Id of the event that this comes from.",
        ["version"] = "Version of it: the ETag of its GET, which If-Match takes.",
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<string, string> parameters = new Dictionary<string, string>
    {
        ["after"] = "The `next` of the page before, for the page behind it; left out for the first page.",
        ["asOf"] = "What had happened by then: an instant with offset, or a business day, which counts up to its end; now if left out.",
        ["customer"] = "Only this customer.",
        ["customerId"] = "Id of the customer.",
        ["from"] = "Only what happened from here on.",
        ["knownAt"] = "What was recorded by then: an instant with offset, or a business day, which counts up to its end; now if left out.",
        ["limit"] = "How many items a page has at most: 1 to 200, 50 if left out.",
        ["to"] = "Only what happened before here.",
        ["until"] = "Only what happened before here.",
    }.ToFrozenDictionary();

    /// <summary>Null if it is none of these words.</summary>
    public static string? Of(string name) => words.GetValueOrDefault(name);

    /// <summary>For <c>{id}</c> in a path: the thing of the segment before it.</summary>
    public static string? OfParameter(string name, string path) =>
        parameters.GetValueOrDefault(name)
        ?? (Before(name).Match(path) is { Success: true, Groups: var found } ? $"Id of the {One(found["things"].Value)}." : null);

    static string One(string things) =>
        (things.EndsWith("ies", StringComparison.Ordinal) ? things[..^3] + "y" : things.TrimEnd('s')).Replace('-', ' ');

    static Regex Before(string name) => new($@"/(?<things>[a-z-]+)/\{{{name}\}}");
}
