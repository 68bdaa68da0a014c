using CrmPlatform.EventSourcing;

namespace CrmPlatform.CustomersBenchmarks;

/// <summary>A daemon that runs while something is measured.</summary>
sealed class Following : IAsyncDisposable
{
    readonly ProjectionDaemon daemon;

    public Following(ProjectionDaemon daemon)
    {
        this.daemon = daemon;
        _ = daemon.StartAsync(default);
    }

    public Task CatchUp() => daemon.CatchUp();

    /// <summary>How many events the slowest follower is behind.</summary>
    public async Task<long> Lag() => (await daemon.Status()).Max(f => f.LagEvents);

    public async ValueTask DisposeAsync() => await daemon.StopAsync(default);
}
