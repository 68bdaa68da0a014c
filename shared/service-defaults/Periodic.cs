using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Work that a service repeats at an interval.</summary>
public interface IPeriodic
{
    /// <summary>The name in logs, like <c>nightly-run</c>.</summary>
    string Name { get; }

    TimeSpan Every { get; }

    FirstRun First => FirstRun.AfterOnePeriod;

    Task Run(CancellationToken ct);
}

public enum FirstRun
{
    AfterOnePeriod,

    /// <summary>When the service starts, in the background.</summary>
    AtOnce,

    /// <summary>Before the first request is served. If it fails, the service does not start.</summary>
    BeforeRequests,
}

/// <summary>Runs the work at its interval. A failure is logged, and the work runs again after the next interval.</summary>
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
            log.WorkWithoutDatabase(e, work.Name, work.Every);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.WorkFailed(e, work.Name, work.Every);
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
