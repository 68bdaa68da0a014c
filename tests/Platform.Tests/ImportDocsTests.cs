extern alias Customers;
extern alias Loyalty;
extern alias ServiceDesk;

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>docs/imports.md and docs/imports.json, written from the declarations that the services read imports by.</summary>
public sealed class ImportDocsTests
{
    const string Begin = "<!-- written from the declarations: CRM_FREEZE=1 dotnet test tests/Platform.Tests --filter ImportDocsTests -->";

    static readonly JsonSerializerOptions indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly (string Room, string Permission, ImportFormat Format)[] formats =
    [
        ("customers", "customers.import", Customers::CrmPlatform.Customers.Imports.CustomersFormat.Format),
        ("customers", "customers.import", Customers::CrmPlatform.Customers.Imports.PurchasesFormat.Format),
        ("customers", "customers.import", Customers::CrmPlatform.Customers.Imports.ReturnsFormat.Format),
        ("service-desk", "service-desk.import", ServiceDesk::CrmPlatform.ServiceDesk.Imports.TicketsFormat.Format),
        ("loyalty", "loyalty.import", Loyalty::CrmPlatform.Loyalty.Imports.ProgrammeFormat.Format),
    ];

    [Fact]
    public void the_page_on_imports_says_what_the_declarations_say()
    {
        var path = Path.Combine(TestServers.Root, "docs/imports.md");
        var page = File.ReadAllText(path);
        var written = page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + "\n\n" + Page();
        if (Environment.GetEnvironmentVariable("CRM_FREEZE") == "1")
            File.WriteAllText(path, written);
        page = File.ReadAllText(path);
        page.ShouldBe(written);
    }

    [Fact]
    public void the_command_line_knows_the_declared_imports()
    {
        var path = Path.Combine(TestServers.Root, "docs/imports.json");
        var written = Json();
        if (Environment.GetEnvironmentVariable("CRM_FREEZE") == "1")
            File.WriteAllText(path, written);
        File.ReadAllText(path).ShouldBe(written);
    }

    static string Page()
    {
        var page = new StringBuilder();
        foreach (var (room, permission, format) in formats)
        {
            page.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"""
                ## {format.Kind}

                {format.Meaning} `POST /api/{room}/{format.Route}` (`{permission}`).

                **Key:** {format.Identity}

                | column | | a cell is | meaning | example |
                |---|---|---|---|---|

                """
            );
            foreach (var c in format.Columns)
                page.AppendJoin(
                        " | ",
                        $"| `{c.Name}`",
                        c.Required ? "required" : "",
                        Cell(c.Expected),
                        Cell(c.Meaning),
                        c.Example.Length == 0 ? "" : $"`{Cell(c.Example)}`"
                    )
                    .Append(" |\n");
            page.Append('\n');
        }
        return page.ToString().TrimEnd() + "\n";
    }

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    static string Json() =>
        JsonSerializer.Serialize(
            formats.Select(f => new JsonObject
            {
                ["kind"] = f.Format.Kind,
                ["path"] = $"/api/{f.Room}/{f.Format.Route}",
                ["together"] = new JsonArray([.. f.Format.Together.Select(c => (JsonNode)c.Name)]),
                ["lineBreaks"] = f.Format.Columns.Any(c => c.LineBreaks),
                ["columns"] = new JsonArray([
                    .. f.Format.Columns.Select(c => new JsonObject
                    {
                        ["name"] = c.Name,
                        ["required"] = c.Required,
                        ["example"] = c.Example,
                    }),
                ]),
                ["secondExample"] = new JsonObject(f.Format.SecondExample.Select(e => KeyValuePair.Create(e.Key.Name, (JsonNode?)e.Value))),
            }),
            indented
        ) + "\n";
}
