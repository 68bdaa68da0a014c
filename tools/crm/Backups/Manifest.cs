using System.Text.Json;

namespace CrmPlatform.Crm;

/// <summary>What a backup says of itself.</summary>
/// <param name="FeedPositions">Per database: everything up to here had reached its listeners before the dumps began. A restored feed goes
/// on from here, and what a listener's dump holds already is absorbed by its inbox.</param>
/// <param name="Hashes">Of the very snapshots that were dumped.</param>
public sealed record Manifest(DateTimeOffset At, IReadOnlyDictionary<string, long> FeedPositions, IReadOnlyList<Hash> Hashes)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public void Write(string folder) => File.WriteAllText(FileIn(folder), JsonSerializer.Serialize(this, Options) + "\n");

    public static Manifest Read(string folder) =>
        File.Exists(FileIn(folder))
            ? JsonSerializer.Deserialize<Manifest>(File.ReadAllText(FileIn(folder)), Options)!
            : throw new CrmException($"{folder} holds no finished backup: manifest.json is missing");

    private static string FileIn(string folder) => Path.Combine(folder, "manifest.json");
}
