namespace CrmPlatform.Testing;

/// <summary>Runs like the system's clock, can be moved, and can stand still between moves.</summary>
public sealed class TestClock : TimeProvider
{
    public TimeSpan Offset { get; private set; }

    DateTimeOffset? stopped;

    public override DateTimeOffset GetUtcNow() => stopped + Offset ?? System.GetUtcNow() + Offset;

    public void Advance(TimeSpan by) => Offset += by;

    /// <summary>From now on it is this instant, until it is moved.</summary>
    public void Stop(DateTimeOffset at) => (stopped, Offset) = (at, TimeSpan.Zero);
}
