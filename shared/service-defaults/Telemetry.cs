using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Traces, metrics and logs over OTLP, when an endpoint is configured (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).</summary>
public static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } endpoint) return;
        var protocol = builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        var sdk = OpenTelemetrySdk.Create(o =>
        {
            o.ConfigureResource(r => r.AddService("crm-" + service, serviceNamespace: "crm", serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"));
            o.WithTracing(t => t
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(builder.Configuration.GetValue("Telemetry:TraceRatio", 1.0))))
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Yarp.ReverseProxy", "Crm.*"));
            o.WithMetrics(m => m.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "Crm.*"));
            o.WithLogging();
            o.UseOtlpExporter(protocol, new Uri(endpoint));
        });
        builder.Services.AddSingleton<ILoggerProvider>(_ => new Provider(sdk));
    }

    /// <summary>Says which request a span was, in OpenTelemetry's words: by itself ASP.NET Core gives all of them one name and nothing else.</summary>
    public static async Task NameRequest(HttpContext context, RequestDelegate next)
    {
        try { await next(context); }
        finally
        {
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
            {
                // The route, not the path: what stands in a path may be somebody's number.
                var (method, route) = (context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
                span.DisplayName = route is null ? method : $"{method} {route}";
                span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", context.Response.StatusCode);
                if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    /// <summary>Ends with the host and then sends what is left. A hosted service would not do: a host that is asked to end while it begins stops none.</summary>
    sealed class Provider(OpenTelemetrySdk sdk) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => sdk.GetLoggerFactory().CreateLogger(categoryName);
        public void Dispose() => sdk.Dispose();
    }
}
