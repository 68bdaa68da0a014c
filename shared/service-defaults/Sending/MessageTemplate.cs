using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Fluid.Ast;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// One template in one language, in Liquid: the first line of its text is the subject, what follows the body. What it shows is escaped in
/// HTML, and is as it is in text.
/// </summary>
sealed class MessageTemplate(string language, IFluidTemplate text, IFluidTemplate? html)
{
    const int MostSteps = 10_000;

    static readonly TemplateOptions options = new() { MaxSteps = MostSteps };
    static readonly HtmlEncoder escaping = HtmlEncoder.Create(UnicodeRanges.All);

    public string Language => language;

    /// <returns>Subject, text, and HTML where the template has it.</returns>
    public async Task<(string Subject, string Text, string? Html)> Render(IReadOnlyDictionary<string, string?> values)
    {
        var lines = (await text.RenderAsync(Context(), NullEncoder.Default)).ReplaceLineEndings("\n").Split('\n', 2);
        // A name with a line break must not become a header.
        var subject = string.Concat(lines[0].Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return (
            subject,
            lines.Length > 1 ? lines[1].TrimStart('\n') : "",
            html is null ? null : await html.RenderAsync(Context(), escaping)
        );

        TemplateContext Context()
        {
            var context = new TemplateContext(options);
            foreach (var (name, value) in values)
                context.SetValue(name, value is null ? null : string.Concat(value.Where(c => !char.IsControl(c))));
            return context;
        }
    }

    /// <summary>The names that a template shows or asks about.</summary>
    public static IReadOnlySet<string> VariablesOf(IFluidTemplate template)
    {
        var names = new Names();
        names.VisitTemplate(template);
        return names.Found;
    }

    sealed class Names : AstVisitor
    {
        public HashSet<string> Found { get; } = [];

        protected override Expression VisitMemberExpression(MemberExpression memberExpression)
        {
            if (memberExpression.Segments is [IdentifierSegment first, ..])
                Found.Add(first.Identifier);
            return base.VisitMemberExpression(memberExpression);
        }
    }
}
