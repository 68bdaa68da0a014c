using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What every program logs, and how: one JSON object per line, without a client's text.</summary>
public static class LogDefaults
{
    static readonly Dictionary<string, string?> levels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http"] = "Warning",
        ["Logging:LogLevel:MassTransit"] = "Warning",
        ["Logging:LogLevel:Yarp"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Error",
    };

    /// <param name="service">The name of the room, or gateway.</param>
    public static void AddLogs(this WebApplicationBuilder builder, string service)
    {
        // Or a header traceparent that is none would become the id of the trace, and be stored with every event.
        (Activity.DefaultIdFormat, Activity.ForceDefaultIdFormat) = (ActivityIdFormat.W3C, true);
        // The last of all sources: appsettings.json and the environment say more.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = levels });
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<ConsoleFormatter>(s => new LogLines(service, s.GetRequiredService<IHttpContextAccessor>()));
        builder.Logging.ClearProviders().AddConsole(console => console.FormatterName = LogLines.FormatterName);
    }

    /// <summary>
    /// Authentication brings keys for cookies and forms, which no program here uses: without this, each start would make some, keep them in
    /// clear and warn of it.
    /// </summary>
    public static void RemoveUnusedKeys(this IServiceCollection services)
    {
        foreach (
            var service in services
                .Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "DataProtectionHostedService")
                .ToList()
        )
            services.Remove(service);
    }
}
