using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Work that a service does again and again.</summary>
public interface IPeriodic
{
    /// <summary>In logs: <c>nightly-run</c>.</summary>
    string Name { get; }

    TimeSpan Every { get; }

    FirstRun First => FirstRun.AfterOnePeriod;

    Task Run(CancellationToken ct);
}

public enum FirstRun
{
    AfterOnePeriod,

    /// <summary>When the service has started; nobody waits for it.</summary>
    AtOnce,

    /// <summary>Before the first request is answered. Where it fails, the service does not start.</summary>
    BeforeRequests,
}

/// <summary>Runs it on its period. Where it fails, that is logged and tried again after the next one.</summary>
sealed class Periodic(IPeriodic work, TimeProvider clock, ILogger<Periodic> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (work.First == FirstRun.BeforeRequests)
            await work.Run(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(work.Every, clock);
        if (work.First == FirstRun.AtOnce)
            await Try(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await Try(stoppingToken);
    }

    async Task Try(CancellationToken ct)
    {
        try
        {
            await work.Run(ct);
        }
        catch (NpgsqlException e)
        {
            log.LogWarning("{Work} waits for the database: {Error}", work.Name, e.Message);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogError(e, "{Work} failed; it is tried again in {Every}", work.Name, work.Every);
        }
    }
}

static class PeriodicDefaults
{
    public static IServiceCollection AddPeriodic(this IServiceCollection services, Func<IServiceProvider, IPeriodic> work) =>
        services.AddSingleton<IHostedService>(s => new Periodic(
            work(s),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<Periodic>>()
        ));
}
