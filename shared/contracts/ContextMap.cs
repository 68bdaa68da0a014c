using System.Collections.Frozen;
using System.Text.Json;

namespace CrmPlatform.Contracts;

/// <summary>
/// Who listens to whom. Each room says in its hears.json what reaches it: names of contracts, <c>*.NAME</c> for a contract of whoever
/// publishes it, <c>*</c> for all that are public. Publishers know these files too: what a new line names reaches its queue before the
/// listener waits for it. docs/context-map.md and the queues on the broker follow them; a test compares them.
/// </summary>
public static class ContextMap
{
    static readonly FrozenDictionary<string, FrozenSet<ContractName>> heard = Read();

    /// <summary>All rooms, those that only read last.</summary>
    public static IReadOnlyList<string> Contexts { get; } = [.. heard.Keys.OrderBy(OnlyReads).ThenBy(name => name, StringComparer.Ordinal)];

    static readonly FrozenDictionary<string, string[]> audiences = ContractCatalogue.All.ToFrozenDictionary(
        c => c.Name,
        c => Contexts.Where(listener => Hears(listener, c)).ToArray()
    );

    /// <summary>Whether it only reads: it tells nobody anything, and can hear everything again in whatever order.</summary>
    public static bool OnlyReads(string context) => heard.ContainsKey(context) && ContractCatalogue.All.All(c => c.Publisher != context);

    /// <summary>Whether <paramref name="listener"/> receives the facts of this contract.</summary>
    public static bool Hears(string listener, ContractName contract) => heard[listener].Contains(contract);

    /// <summary>The contexts of which <paramref name="listener"/> receives anything.</summary>
    public static IReadOnlyList<string> Heard(string listener) =>
        [.. Contexts.Where(publisher => heard[listener].Any(c => c.Publisher == publisher))];

    /// <summary>Who receives the facts of this contract.</summary>
    public static IReadOnlyList<string> Audience(ContractName contract) => audiences[contract.Name];

    static FrozenDictionary<string, FrozenSet<ContractName>> Read()
    {
        const string prefix = "hears/";
        var assembly = typeof(ContextMap).Assembly;
        var files = assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
        return files.ToFrozenDictionary(
            name => name[prefix.Length..].TrimEnd('/'),
            name =>
            {
                using var file = assembly.GetManifestResourceStream(name)!;
                var listener = name[prefix.Length..].TrimEnd('/');
                try
                {
                    return JsonSerializer.Deserialize<string[]>(file)!.SelectMany(pattern => Matching(pattern, listener)).ToFrozenSet();
                }
                catch (JsonException e)
                {
                    throw new InvalidOperationException($"services/{listener}/hears.json is no list of names: {e.Message}", e);
                }
            }
        );
    }

    static IEnumerable<ContractName> Matching(string pattern, string listener)
    {
        var found = ContractCatalogue
            .All.Where(c =>
                c.Publisher != listener
                && (
                    pattern == "*" ? !c.Internal
                    : pattern.StartsWith("*.", StringComparison.Ordinal) ? c.Name.EndsWith(pattern[1..], StringComparison.Ordinal)
                    : c.Name == pattern
                )
            )
            .ToList();
        return found.Count > 0
            ? found
            : throw new InvalidOperationException($"services/{listener}/hears.json: no other room publishes {pattern}");
    }
}
