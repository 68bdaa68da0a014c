namespace CrmPlatform.Gateway.Tokens;

/// <summary>How long somebody waits who sends wrong secrets: the first delay, then twice as long after each further one.</summary>
public sealed record GuessLimit
{
    /// <summary>Wrong secrets of one client from one address that cost no delay.</summary>
    public int Free { get; init; } = 5;

    /// <summary>Wrong secrets of one client from all addresses together.</summary>
    public int FreeEverywhere { get; init; } = 50;

    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After so long without a wrong secret they are forgotten.</summary>
    public TimeSpan ForgottenAfter { get; init; } = TimeSpan.FromHours(1);

    public string? Fault() =>
        Free < 1 || FreeEverywhere < 1 ? "Free and FreeEverywhere must be 1 or more"
        : FirstDelay <= TimeSpan.Zero || LongestDelay < FirstDelay ? "FirstDelay must be above zero, LongestDelay not below it"
        : ForgottenAfter < LongestDelay ? "ForgottenAfter must not be below LongestDelay"
        : null;

    public TimeSpan Delay(int failures, int free)
    {
        if (failures <= free)
            return TimeSpan.Zero;
        var doubled = FirstDelay * Math.Pow(2, Math.Min(failures - free - 1, 30));
        return doubled < LongestDelay ? doubled : LongestDelay;
    }
}
