namespace CrmPlatform.Crm.Tests;

/// <summary>Where the sources lie, and a run directory that is thrown away.</summary>
public sealed class Checkout : IDisposable
{
    public static readonly string Root = Find(AppContext.BaseDirectory);

    public string Run { get; } = Directory.CreateTempSubdirectory("crm").FullName;

    public void Dispose() => Directory.Delete(Run, recursive: true);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "CrmPlatform.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
