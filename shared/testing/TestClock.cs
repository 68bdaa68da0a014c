namespace CrmPlatform.Testing;

/// <summary>A clock that runs like the system's, can be moved, and can be stopped between moves.</summary>
public sealed class TestClock : TimeProvider
{
    public TimeSpan Offset { get; private set; }

    DateTimeOffset? stopped;

    public override DateTimeOffset GetUtcNow() => stopped + Offset ?? System.GetUtcNow() + Offset;

    public void Advance(TimeSpan by) => Offset += by;

    /// <summary>Stops the clock at this instant until it is moved.</summary>
    public void Stop(DateTimeOffset at) => (stopped, Offset) = (at, TimeSpan.Zero);
}
