namespace CrmPlatform.Portraits.Portraits;

/// <summary>The event that a value comes from.</summary>
public readonly record struct Source(Guid Event, DateTimeOffset At);

/// <summary>A value with the event that it came from and when that happened.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">Id of the event that it comes from.</param>
/// <param name="At">When that happened.</param>
public sealed record Sourced<T>(T Value, Guid Source, DateTimeOffset At)
{
    /// <summary>Whether it comes before an event; of the same instant, the greater event id is the later one.</summary>
    internal bool IsBefore(Source e) => (At, Source).CompareTo((e.At, e.Event)) < 0;
}

static class Sourced
{
    public static Sourced<T> Newer<T>(Sourced<T>? there, T value, Source e) =>
        there is null || there.IsBefore(e) ? new(value, e.Event, e.At) : there;

    /// <summary>
    /// What a room said last, whenever that happened: a purchase of last week that is told after today's registration makes the stage that
    /// holds now. Event ids ascend in the order in which a room records.
    /// </summary>
    public static Sourced<T> Last<T>(Sourced<T>? there, T value, Source e) =>
        there is null || there.Source.CompareTo(e.Event) < 0 ? new(value, e.Event, e.At) : there;

    public static Sourced<T> Older<T>(Sourced<T>? there, T value, Source e) =>
        there is null || !there.IsBefore(e) ? new(value, e.Event, e.At) : there;

    /// <summary>A running value: every event changes it, the newest one is named.</summary>
    public static Sourced<T> Running<T>(Sourced<T>? there, T value, Source e) =>
        there is null || there.IsBefore(e) ? new(value, e.Event, e.At) : there with { Value = value };

    /// <summary>The newer of two.</summary>
    public static Sourced<T>? Newer<T>(Sourced<T>? one, Sourced<T>? other) =>
        other is null ? one : Newer(one, other.Value, new(other.Source, other.At));

    /// <summary>The older of two.</summary>
    public static Sourced<T>? Older<T>(Sourced<T>? one, Sourced<T>? other) =>
        other is null ? one : Older(one, other.Value, new(other.Source, other.At));

    /// <summary>The sum of two running values; the newest event is named.</summary>
    public static Sourced<T>? Sum<T>(Sourced<T>? one, Sourced<T>? other)
        where T : System.Numerics.INumber<T> =>
        other is null ? one : Running(one, one is null ? other.Value : one.Value + other.Value, new(other.Source, other.At));

    public static Sourced<int> Count(Sourced<int>? there, Source e) => Running(there, (there?.Value ?? 0) + 1, e);
}
