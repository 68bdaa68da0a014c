using System.Net.Mime;

namespace CrmPlatform.Gateway.ApiPage;

/// <summary>
/// The API page at /docs, to read and to try out, and the document behind it at /openapi/v1.json. Anonymous: it holds no data.
/// </summary>
public static class GetApiDocument
{
    const string Address = "/openapi/v1.json";

    public static void Map(WebApplication app) =>
        app.MapGet(
                Address,
                async (ApiDocument document, CancellationToken ct) => Results.Text(await document.Get(ct), MediaTypeNames.Application.Json)
            )
            .AllowAnonymous()
            .ExcludeFromDescription();

    public static void UseApiPage(this WebApplication app) =>
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "CrmPlatform";
            page.SwaggerEndpoint(Address, "CrmPlatform");
            page.EnableTryItOutByDefault();
            page.EnableDeepLinking();
            page.DisplayRequestDuration();
        });
}
