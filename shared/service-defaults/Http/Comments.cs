using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What stands above types and their properties, as the compiler writes it beside each assembly.</summary>
public static partial class Comments
{
    static readonly ConcurrentDictionary<Assembly, FrozenDictionary<string, XElement>> files = new();

    /// <summary>The summary of a type; null if it has none.</summary>
    public static string? Of(Type type) => Member(type, "T:" + Name(type))?.Element("summary") is { } summary ? Plain(summary) : null;

    /// <summary>
    /// The meaning of a property: its own summary, the <c>param</c> of its record, or the summary of the same property of an interface;
    /// null if there is none.
    /// </summary>
    public static string? Of(PropertyInfo property) =>
        property.DeclaringType is not { } type ? null
        : (Summary(type, property.Name) ?? Parameter(type, property.Name)) is { } own ? Plain(own)
        : Inherited(type, property.Name) is { } inherited ? Plain(inherited)
        : null;

    static XElement? Summary(Type type, string property) => Member(type, $"P:{Name(type)}.{property}")?.Element("summary");

    /// <summary>Of the interface that says it most exactly.</summary>
    static XElement? Inherited(Type type, string property) =>
        type.GetInterfaces()
            .OrderByDescending(i => i.GetInterfaces().Length)
            .Select(i => Summary(i, property))
            .FirstOrDefault(s => s is not null);

    static XElement? Parameter(Type type, string name) =>
        Member(type, "T:" + Name(type))?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == name);

    static XElement? Member(Type type, string name) => files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(name);

    static FrozenDictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return !File.Exists(file)
            ? FrozenDictionary<string, XElement>.Empty
            : XDocument
                .Load(file, LoadOptions.PreserveWhitespace)
                .Descendants("member")
                .ToFrozenDictionary(member => member.Attribute("name")!.Value);
    }

    static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    static string Plain(XElement comment)
    {
        var text = new XElement(comment);
        foreach (var code in text.Elements("c").ToList())
            code.ReplaceWith(new XText($"`{code.Value}`"));
        foreach (var reference in text.Descendants("see").Concat(text.Descendants("paramref")).ToList())
            reference.ReplaceWith(
                new XText($"`{Last().Match((reference.Attribute("cref") ?? reference.Attribute("name"))!.Value).Value}`")
            );
        return Spaces().Replace(text.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[^.:]+$")]
    private static partial Regex Last();
}
