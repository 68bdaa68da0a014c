namespace CrmPlatform.PlatformBenchmarks;

/// <summary>What the command line asks for.</summary>
sealed record Settings(bool Quick, IReadOnlyList<string> Words)
{
    public int Rounds => Quick ? 3 : 7;
    public double Slice => Quick ? 1 : 2;
    public double WarmUp => Quick ? 2 : 5;

    public bool Wants(string row) => Words.Count == 0 || Words.Any(word => row.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <returns>Null when it cannot be understood.</returns>
    public static Settings? Parse(string[] args)
    {
        var settings = new Settings(false, []);
        foreach (var arg in args)
            switch (arg)
            {
                case "--quick":
                    settings = settings with { Quick = true };
                    break;
                case "--keep":
                    break; // what to do with the data is for who starts the platform
                case ['-', ..]:
                    return null;
                default:
                    settings = settings with { Words = [.. settings.Words, arg] };
                    break;
            }
        return settings;
    }
}
