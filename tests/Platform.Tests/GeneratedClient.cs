using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace CrmPlatform.Platform.Tests;

/// <summary>A C# client as NSwag makes it of an OpenAPI document, compiled together with a program that uses it.</summary>
static class GeneratedClient
{
    public static async Task<string> Of(string document)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "{controller}Client",
            OperationNameGenerator = new MultipleClientsFromOperationIdOperationNameGenerator(),
            UseBaseUrl = false,
        };
        settings.CSharpGeneratorSettings.Namespace = "Crm";
        settings.CSharpGeneratorSettings.GenerateNullableReferenceTypes = true;
        return new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(document), settings).GenerateFile();
    }

    /// <returns>The assembly, and what the compiler warns of.</returns>
    public static (Assembly Assembly, string[] Warnings) Compile(params string[] sources)
    {
        const string usings = """
            global using System; global using System.Collections.Generic; global using System.Linq; global using System.Net.Http;
            global using System.Threading; global using System.Threading.Tasks;
            """;
        var compilation = CSharpCompilation.Create(
            $"generated-{Guid.CreateVersion7():N}",
            sources.Append(usings).Select(source => CSharpSyntaxTree.ParseText(source)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        using var code = new MemoryStream();
        var result = compilation.Emit(code);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return (
            Assembly.Load(code.ToArray()),
            [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Warning).Select(d => d.ToString())]
        );
    }
}
