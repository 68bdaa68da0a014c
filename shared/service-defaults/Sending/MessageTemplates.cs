using Fluid;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// The room's templates: files <c>code.language.txt</c>, and <c>code.language.html</c> for mail that has HTML, too. They are read once,
/// when the service starts.
/// </summary>
sealed class MessageTemplates
{
    /// <summary>Given with each clearance: the customer's name, empty if it is not known.</summary>
    public const string Name = "name";

    static readonly FluidParser parser = new();

    readonly Dictionary<string, SortedDictionary<string, MessageTemplate>> byCode = [];
    readonly string otherwise;

    MessageTemplates(string otherwise) => this.otherwise = otherwise;

    public bool Has(string code) => byCode.ContainsKey(code);

    /// <summary>In the language, else in its main language, else in the installation's, else in the first that there is.</summary>
    /// <returns>Null if nobody wrote it.</returns>
    public MessageTemplate? Of(string code, string? language)
    {
        if (!byCode.TryGetValue(code, out var languages))
            return null;
        foreach (var wanted in new[] { language, otherwise })
            if (wanted is not null)
                for (var tag = wanted; tag.Length > 0; tag = tag[..Math.Max(0, tag.LastIndexOf('-'))])
                    if (languages.TryGetValue(tag, out var found))
                        return found;
        return languages.First().Value;
    }

    /// <param name="context">The room.</param>
    /// <param name="values">What the room's messages bring; a template may show that, the installation's values, and the name.</param>
    /// <exception cref="SettingException">A file that is no template, or shows what nobody gives.</exception>
    public static MessageTemplates Read(SendingOptions options, string context, params IEnumerable<string> values)
    {
        var (folder, known) = (options.TemplateFolder(context), new HashSet<string>([Name, .. values, .. options.Values.Keys]));
        var templates = new MessageTemplates(options.Language);
        if (!Directory.Exists(folder))
            return templates;
        foreach (var file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            if (Path.GetFileNameWithoutExtension(file).Split('.') is not [var code, var language])
                throw Wrong(file, "a file named code.language.txt");
            if (!templates.byCode.TryGetValue(code, out var languages))
                templates.byCode[code] = languages = new(StringComparer.OrdinalIgnoreCase);
            var html = Path.ChangeExtension(file, ".html");
            languages[language] = new(language, Parse(file, known), File.Exists(html) ? Parse(html, known) : null);
        }
        return templates;
    }

    static IFluidTemplate Parse(string file, IReadOnlySet<string> known)
    {
        if (!parser.TryParse(File.ReadAllText(file), out var template, out var error))
            throw Wrong(file, $"a template in Liquid ({error})");
        return MessageTemplate.VariablesOf(template).Except(known).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw Wrong(file, $"a template that shows {string.Join(", ", known.Order(StringComparer.Ordinal))}; {unknown} is unknown")
            : template;
    }

    static SettingException Wrong(string file, string expected) => new("Sending:Templates, " + Path.GetFileName(file), expected);
}
