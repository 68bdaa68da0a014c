namespace CrmPlatform.Loyalty.Exports;

/// <summary>What is in this folder: statements as files.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        ExportStatement.Map(room);
        ExportStatements.Map(room);
    }
}
