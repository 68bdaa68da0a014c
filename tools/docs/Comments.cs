using System.Text.RegularExpressions;
using System.Xml.Linq;
using CrmPlatform.Contracts;

namespace CrmPlatform.Docs;

/// <summary>The summaries that stand above the contracts, as the compiler writes them beside the assembly.</summary>
public sealed partial class Comments
{
    readonly Dictionary<string, string> summaries;

    Comments(XDocument document) =>
        summaries = document
            .Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => Plain(m.Element("summary")!));

    public static Comments OfContracts() =>
        new(XDocument.Load(Path.ChangeExtension(typeof(ContractCatalogue).Assembly.Location, ".xml"), LoadOptions.PreserveWhitespace));

    /// <exception cref="InvalidOperationException">Nobody would know what a contract without a sentence means.</exception>
    public string Of(Type type) =>
        summaries.TryGetValue("T:" + type.FullName, out var summary)
            ? summary
            : throw new InvalidOperationException($"{type.Name} has no <summary>");

    static string Plain(XElement summary)
    {
        foreach (var code in summary.Elements("c").ToList())
            code.ReplaceWith(new XText($"`{code.Value}`"));
        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
