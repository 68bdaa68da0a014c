namespace CrmPlatform.Loyalty.Imports;

/// <summary>What is in this folder: the takeover of another programme's members.</summary>
static class Slices
{
    public static void Map(IEndpointRouteBuilder app) => ImportProgramme.Map(app);
}
