namespace CrmPlatform.Loyalty.Exports;

/// <summary>What is in this folder: statements as files.</summary>
static class Slices
{
    public static void Map(IEndpointRouteBuilder app)
    {
        ExportStatement.Map(app);
        ExportStatements.Map(app);
    }
}
