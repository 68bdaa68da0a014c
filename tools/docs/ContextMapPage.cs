using CrmPlatform.Contracts;

namespace CrmPlatform.Docs;

/// <summary>The two parts of docs/context-map.md that follow from the contracts and from what each room hears.</summary>
public static class ContextMapPage
{
    public const string File = "docs/context-map.md";

    /// <returns>The page with both parts written anew; the rest stays.</returns>
    public static string Of(string page)
    {
        var hears = ContextMap.Contexts.Select(c =>
            $"- **{c}** hears {(ContextMap.Heard(c) is { Count: > 0 } heard ? string.Join(", ", heard) : "nobody")}"
        );
        string[] head =
        [
            $"| contract | {string.Join(" | ", ContextMap.Contexts)} |",
            $"|---|{string.Concat(ContextMap.Contexts.Select(_ => "---|"))}",
        ];
        var rows = ContractCatalogue.All.Select(c =>
        {
            var cells = string.Join(" | ", ContextMap.Contexts.Select(context => Cell(c, context)));
            return $"| {c.Name}{(c.Internal ? " (internal)" : "")} | {cells} |";
        });
        return Filled(Filled(page, "- **", hears), "| ", head.Concat(rows));
    }

    static string Cell(ContractName contract, string context) =>
        contract.Publisher == context ? "publishes"
        : !ContextMap.Hears(context, contract) ? ""
        : ContextMap.OnlyReads(context) ? "notes"
        : "acts";

    // The lines that begin so are one block of the page.
    static string Filled(string page, string beginning, IEnumerable<string> lines)
    {
        var all = page.Split('\n').ToList();
        var (first, last) = (all.FindIndex(IsOne), all.FindLastIndex(IsOne));
        all.RemoveRange(first, last - first + 1);
        all.InsertRange(first, lines);
        return string.Join('\n', all);

        bool IsOne(string line) =>
            line.StartsWith(beginning, StringComparison.Ordinal)
            || (beginning == "| " && line.StartsWith("|---", StringComparison.Ordinal));
    }
}
