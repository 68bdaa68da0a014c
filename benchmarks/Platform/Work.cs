using System.Net;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>One kind of request.</summary>
/// <param name="Expected">Any other answer ends the benchmark: a refusal is quick.</param>
/// <param name="Next">The next request.</param>
sealed record Work(string Name, HttpStatusCode Expected, Func<HttpRequestMessage> Next)
{
    /// <summary>The part of the yardstick's requests per second that it should reach.</summary>
    public double? Share { get; init; }

    /// <summary>The most that 99 of 100 requests may take, in milliseconds.</summary>
    public double? Ceiling { get; init; }

    /// <summary>
    /// Gets the number of requests of a slice, waits until all that they have set off is done, and says how long that took.
    /// </summary>
    public Func<int, Task<TimeSpan>>? Settle { get; init; }
}
