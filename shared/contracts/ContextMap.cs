using System.Collections.Frozen;
using System.Text.Json;

namespace CrmPlatform.Contracts;

/// <summary>
/// Which context receives which contracts. Each room lists in its hears.json what it receives: names of contracts, <c>*.NAME</c> for a
/// contract of any publisher, <c>*</c> for all public ones. Publishers read these files too, so a newly listed contract is already in the
/// listener's queue when the new version of the listener starts. docs/context-map.md and the queues on the broker are made from them; a
/// test compares them.
/// </summary>
public static class ContextMap
{
    static readonly FrozenDictionary<string, FrozenSet<ContractName>> heard = Read();

    /// <summary>All contexts; those that only read come last.</summary>
    public static IReadOnlyList<string> Contexts { get; } = [.. heard.Keys.OrderBy(OnlyReads).ThenBy(name => name, StringComparer.Ordinal)];

    static readonly FrozenDictionary<string, string[]> audiences = ContractCatalogue.All.ToFrozenDictionary(
        c => c.Name,
        c => Contexts.Where(listener => Hears(listener, c)).ToArray()
    );

    /// <summary>Whether the context only reads: it publishes nothing, and may receive all events again in any order.</summary>
    public static bool OnlyReads(string context) => heard.ContainsKey(context) && ContractCatalogue.All.All(c => c.Publisher != context);

    /// <summary>Whether <paramref name="listener"/> receives this contract.</summary>
    public static bool Hears(string listener, ContractName contract) => heard[listener].Contains(contract);

    /// <summary>The contexts from which <paramref name="listener"/> receives any contract.</summary>
    public static IReadOnlyList<string> Heard(string listener) =>
        [.. Contexts.Where(publisher => heard[listener].Any(c => c.Publisher == publisher))];

    /// <summary>The contexts that receive this contract.</summary>
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
                    throw new InvalidOperationException(
                        $"services/{listener}/hears.json is invalid; expected a JSON list of names: {e.Message}",
                        e
                    );
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
            : throw new InvalidOperationException(
                $"services/{listener}/hears.json lists '{pattern}', which no other room publishes; expected a contract's name, *.NAME or *"
            );
    }
}
